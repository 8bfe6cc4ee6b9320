-- A customer's notifications that were not read, newest first. Params: 1 customer, 2 before this id, 3 limit.
SELECT id, notice, ticket_id, level, at, read_at
FROM notifications
WHERE customer_id = ?1 AND id < ?2 AND read_at IS NULL
ORDER BY id DESC
LIMIT ?3;
