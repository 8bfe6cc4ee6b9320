-- One record. Params: 1 id.
SELECT id, customer_id, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE id = ?1;
