-- Selects one webhook delivery. Params: 1 id.
SELECT
    deliveries.id, webhook_id, event_id, name, tag,
    state, attempts, due_at, deliveries.created_at, last_at, took, status, error, answer
FROM deliveries JOIN outbox ON outbox.id = event_id JOIN webhooks ON webhooks.id = webhook_id
WHERE deliveries.id = ?1;
