-- Selects the due mail with the earliest due time, and its content. Params: 1 now.
SELECT
    mails.id, tag, attempts, email, locale, notice, ticket_id, notifications.level, notifications.at, service
FROM mails INDEXED BY mails_waiting
    CROSS JOIN mailing ON mailing.id = 1
    CROSS JOIN notifications ON notifications.id = mails.id
    CROSS JOIN customers ON customers.id = notifications.customer_id
    CROSS JOIN tickets ON tickets.id = ticket_id
WHERE mails.state = 'waiting' AND due_at <= ?1
ORDER BY due_at
LIMIT 1;
