-- Makes a mail of each notification in a range, where its customer has an address. Params: 1 after this notification, 2 up to
-- this one, 3 at.
INSERT INTO mails (id, state, attempts, due_at, created_at)
SELECT notifications.id, 'waiting', 0, ?3, ?3
FROM notifications CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE notifications.id > ?1 AND notifications.id <= ?2 AND email IS NOT NULL
ORDER BY notifications.id;
