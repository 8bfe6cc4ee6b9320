-- Selects webhook deliveries, newest first. Params: 1 exclusive upper bound of the id, 2 limit.
SELECT
    deliveries.id, webhook_id, event_id, name, tag,
    state, attempts, due_at, deliveries.created_at, last_at, took, status, error, answer
FROM deliveries CROSS JOIN outbox ON outbox.id = event_id CROSS JOIN webhooks ON webhooks.id = webhook_id
WHERE deliveries.id < ?1
ORDER BY deliveries.id DESC
LIMIT ?2;
