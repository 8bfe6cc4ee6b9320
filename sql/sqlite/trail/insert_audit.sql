-- Appends an audit entry. Params: 1 action, 2 subject's kind, 3 subject, 4 actor's kind, 5 actor's id, 6 actor's name,
-- 7 at, 8 request, 9 status, 10 level, 11 reason.
INSERT INTO audit (
    action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at, request_id, status, level, reason
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);
