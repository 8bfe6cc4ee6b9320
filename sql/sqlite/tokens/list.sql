-- Selects tokens, newest first. Params: 1 exclusive upper bound of the id, 2 limit.
SELECT id, principal_kind, customer_id, principal_name, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE id < ?1
ORDER BY id DESC
LIMIT ?2;
