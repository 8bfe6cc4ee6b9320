-- Selects the notifications about a ticket, in the order of its operations. Params: 1 ticket.
SELECT audit_id, notifications.at, customer_id, notice, notifications.level, read_at
FROM audit CROSS JOIN notifications ON audit_id = audit.id
WHERE subject_kind = 'ticket' AND subject_id = ?1
ORDER BY audit.id, notifications.id;
