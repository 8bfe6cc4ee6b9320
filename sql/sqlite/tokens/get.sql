-- Selects one token. Params: 1 id.
SELECT id, principal_kind, customer_id, principal_name, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE id = ?1;
