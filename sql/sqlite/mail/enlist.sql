-- Makes a mail of each notification that was not looked at, where its customer has an address. Params: 1 up to this
-- notification, 2 at.
INSERT INTO mails (id, state, attempts, due_at, created_at)
SELECT notifications.id, 'waiting', 0, ?2, ?2
FROM mailing
    CROSS JOIN notifications ON notifications.id > mailing.position AND notifications.id <= ?1
    CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE mailing.id = 1 AND email IS NOT NULL
ORDER BY notifications.id;
