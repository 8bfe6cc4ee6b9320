-- Whom the events after a number concern, in order. Params: 1 after this number, 2 limit.
SELECT id, data ->> 'customerId', data -> 'groupCustomerIds'
FROM outbox
WHERE id > ?1
ORDER BY id
LIMIT ?2;
