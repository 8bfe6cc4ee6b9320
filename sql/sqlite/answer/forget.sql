-- Drops a few expired answers, the oldest first. Params: 1 now, 2 limit.
DELETE FROM answers
WHERE id IN (SELECT id FROM answers WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2);
