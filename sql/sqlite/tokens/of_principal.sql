-- Selects a principal's tokens, newest first. Params: 1 principal's kind, 2 principal's customer id, 3 principal's
-- name, 4 exclusive upper bound of the id, 5 limit.
SELECT id, principal_kind, customer_id, principal_name, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE customer_id IS ?2 AND principal_name IS ?3 AND principal_kind = ?1 AND id < ?4
ORDER BY id DESC
LIMIT ?5;
