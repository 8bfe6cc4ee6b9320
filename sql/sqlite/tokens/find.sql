-- Selects the token with a digest. Params: 1 digest.
SELECT id, principal_kind, customer_id, principal_name, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE digest = ?1;
