-- Selects the waiting delivery of a webhook with the earliest event. Params: 1 webhook.
SELECT deliveries.id, attempts, due_at, event_id, name, at, data
FROM deliveries INDEXED BY deliveries_waiting JOIN outbox ON outbox.id = event_id
WHERE webhook_id = ?1 AND state = 'waiting'
ORDER BY event_id
LIMIT 1;
