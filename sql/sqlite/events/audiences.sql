-- Selects owner and group members of the events after an id, in order. Params: 1 exclusive lower bound of the id, 2
-- limit.
SELECT id, data ->> 'customerId', data -> 'groupCustomerIds'
FROM outbox
WHERE id > ?1
ORDER BY id
LIMIT ?2;
