-- Selects audit entries, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT
    id, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at, request_id, status, level,
    points, cents, reason, previous, hash
FROM audit
WHERE id > ?1
ORDER BY id
LIMIT ?2;
