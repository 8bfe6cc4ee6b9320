-- A customer's records, newest first. Params: 1 customer, 2 before this id, 3 limit.
SELECT id, customer_id, role, permissions, created_at, expires_at, revoked_at
FROM tokens
WHERE customer_id = ?1 AND id < ?2
ORDER BY id DESC
LIMIT ?3;
