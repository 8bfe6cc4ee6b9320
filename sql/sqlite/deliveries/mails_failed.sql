-- Selects dead and retried mails, newest first. Params: 1 exclusive upper bound of the id, 2 limit.
SELECT
    mails.id, notifications.customer_id, ticket_id, email,
    state, attempts, due_at, mails.created_at, last_at, took, status, error, answer
FROM mails INDEXED BY mails_failed
    CROSS JOIN notifications ON notifications.id = mails.id
    CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE (mails.state = 'dead' OR (mails.state = 'waiting' AND attempts > 0)) AND mails.id < ?1
ORDER BY mails.id DESC
LIMIT ?2;
