-- Selects a webhook's deliveries, newest first. Params: 1 exclusive upper bound of the id, 2 limit, 3 webhook, 4 1 for
-- dead and retried deliveries only.
SELECT
    deliveries.id, webhook_id, event_id, name, tag,
    state, attempts, due_at, deliveries.created_at, last_at, took, status, error, answer
FROM deliveries CROSS JOIN outbox ON outbox.id = event_id CROSS JOIN webhooks ON webhooks.id = webhook_id
WHERE webhook_id = ?3 AND deliveries.id < ?1
    AND (NOT ?4 OR state = 'dead' OR (state = 'waiting' AND attempts > 0))
ORDER BY deliveries.id DESC
LIMIT ?2;
