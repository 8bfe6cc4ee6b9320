-- The notifications about a ticket, in order. Params: 1 ticket.
SELECT audit_id, at, customer_id, notice, level, read_at
FROM notifications
WHERE ticket_id = ?1
ORDER BY id;
