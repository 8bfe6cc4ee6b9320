-- Writes a token's record. Params: 1 customer, 2 role, 3 permissions, 4 digest, 5 created at, 6 expires at.
INSERT INTO tokens (customer_id, role, permissions, digest, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
