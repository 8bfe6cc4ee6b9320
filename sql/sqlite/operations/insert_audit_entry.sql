-- Inserts an audit entry. Params: 1 id, 2 action, 3 subject's kind, 4 subject's id, 5 actor's kind, 6 actor's id, 7
-- actor's name, 8 time, 9 request, 10 status, 11 level, 12 points, 13 cents, 14 reason, 15 previous hash, 16 hash.
INSERT INTO audit (
    id, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at, request_id, status, level,
    points, cents, reason, previous, hash
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);
