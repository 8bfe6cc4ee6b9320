-- Selects a customer's mails, newest first. Params: 1 exclusive upper bound of the id, 2 limit, 3 customer, 4 1 for
-- dead and retried mails only.
SELECT
    mails.id, notifications.customer_id, ticket_id, email,
    state, attempts, due_at, mails.created_at, last_at, took, status, error, answer
FROM notifications
    CROSS JOIN mails ON mails.id = notifications.id
    CROSS JOIN customers ON customers.id = notifications.customer_id
WHERE notifications.customer_id = ?3 AND notifications.id < ?1
    AND (NOT ?4 OR mails.state = 'dead' OR (mails.state = 'waiting' AND attempts > 0))
ORDER BY notifications.id DESC
LIMIT ?2;
