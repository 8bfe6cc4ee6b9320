-- Deletes the oldest deliveries of a webhook. Params: 1 webhook, 2 limit.
DELETE FROM deliveries
WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = ?1 ORDER BY id LIMIT ?2);
