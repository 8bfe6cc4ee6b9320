-- Inserts a mail for each notification in a range whose customer has an address. Params: 1 exclusive lower bound of the
-- id, 2 inclusive upper bound, 3 due time.
INSERT INTO mails (id, state, attempts, due_at, created_at)
SELECT notifications.id, 'waiting', 0, ?3, ?3
FROM notifications CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE notifications.id > ?1 AND notifications.id <= ?2 AND email IS NOT NULL
ORDER BY notifications.id;
