-- Deletes expired idempotency keys, oldest first. Params: 1 now, 2 limit.
DELETE FROM idempotency_keys
WHERE id IN (SELECT id FROM idempotency_keys WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2);
