-- Selects a customer's notifications, newest first. Params: 1 customer, 2 exclusive upper bound of the id, 3 limit.
SELECT id, notice, ticket_id, level, at, read_at
FROM notifications
WHERE customer_id = ?1 AND id < ?2
ORDER BY id DESC
LIMIT ?3;
