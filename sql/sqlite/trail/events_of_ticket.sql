-- A ticket's events, in order. Params: 1 ticket.
SELECT audit_id, at, id, name
FROM outbox
WHERE ticket_id = ?1
ORDER BY id;
