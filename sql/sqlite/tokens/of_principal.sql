-- A principal's records, newest first. Params: 1 kind, 2 customer, 3 name, 4 before this id, 5 limit.
SELECT id, principal_kind, customer_id, principal_name, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE customer_id IS ?2 AND principal_name IS ?3 AND principal_kind = ?1 AND id < ?4
ORDER BY id DESC
LIMIT ?5;
