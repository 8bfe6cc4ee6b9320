-- Selects a ticket's audit entries, in order. Params: 1 ticket.
SELECT id, at, action, actor_kind, actor_id, actor_name, request_id, status, level, reason
FROM audit
WHERE subject_kind = 'ticket' AND subject_id = ?1
ORDER BY id;
