-- Selects one mail. Params: 1 id.
SELECT
    mails.id, notifications.customer_id, ticket_id, email,
    state, attempts, due_at, mails.created_at, last_at, took, status, error, answer
FROM mails
    CROSS JOIN notifications ON notifications.id = mails.id
    CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE mails.id = ?1;
