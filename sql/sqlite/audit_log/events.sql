-- Selects events with the members of their payloads, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT id, audit_id, name, at, ticket_id, data ->> '$.ticketId', data ->> '$.customerId', data ->> '$.serviceType',
    data ->> '$.issueType', data ->> '$.status', data ->> '$.level', data ->> '$.groupCustomerIds',
    (data ->> '$.actor.kind') || ':' || (data ->> '$.actor.id')
FROM outbox
WHERE id > ?1
ORDER BY id
LIMIT ?2;
