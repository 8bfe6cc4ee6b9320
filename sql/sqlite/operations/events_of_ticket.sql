-- Selects a ticket's events, in the order of its operations. Params: 1 ticket.
SELECT audit_id, outbox.at, outbox.id, name
FROM audit CROSS JOIN outbox ON audit_id = audit.id
WHERE subject_kind = 'ticket' AND subject_id = ?1
ORDER BY audit.id, outbox.id;
