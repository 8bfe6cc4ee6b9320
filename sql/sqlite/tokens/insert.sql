-- Writes a token's record. Params: 1 kind of principal, 2 customer, 3 name, 4 role, 5 permissions, 6 digest, 7 created at,
-- 8 expires at.
INSERT INTO tokens (
    principal_kind, customer_id, principal_name, role, permissions, digest, created_at, expires_at
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
