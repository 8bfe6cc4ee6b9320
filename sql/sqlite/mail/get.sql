-- One mail. Params: 1 id.
SELECT
    mails.id, state, attempts, due_at, created_at, notifications.customer_id, ticket_id, email,
    last_at, code, trouble, answer
FROM mails
    CROSS JOIN notifications ON notifications.id = mails.id
    CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE mails.id = ?1;
