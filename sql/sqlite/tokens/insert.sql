-- Inserts a token. Params: 1 principal's kind, 2 principal's customer id, 3 principal's name, 4 role, 5 permissions, 6
-- digest, 7 creation time, 8 expiry.
INSERT INTO tokens (
    principal_kind, customer_id, principal_name, role, permissions, digest, created_at, expires_at
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
