-- Selects audit entries that match a filter, newest first. Params: 1 exclusive upper bound of the id, 2 limit, 3
-- actions as a JSON array or null, 4 actor's kind or null, 5 actor's id, 6 actor's name, 7 since, 8 until.
SELECT
    id, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at, request_id, status, level,
    points, cents, reason, previous, hash
FROM audit
WHERE id < ?1
    AND (?3 IS NULL OR action IN (SELECT value FROM json_each(?3)))
    AND (?4 IS NULL OR actor_kind = ?4 AND actor_id IS ?5 AND actor_name IS ?6)
    AND at BETWEEN ?7 AND ?8
ORDER BY id DESC
LIMIT ?2;
