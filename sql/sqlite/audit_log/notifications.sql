-- Selects notifications, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT id, audit_id, customer_id, notice, ticket_id, level, at
FROM notifications
WHERE id > ?1
ORDER BY id
LIMIT ?2;
