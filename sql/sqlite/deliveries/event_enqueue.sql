-- Inserts a delivery for each event in a range that a webhook subscribes to. Params: 1 webhook, 2 exclusive lower bound
-- of the id, 3 inclusive upper bound, 4 due time.
INSERT INTO deliveries (webhook_id, event_id, state, attempts, due_at, created_at)
SELECT webhooks.id, outbox.id, 'waiting', 0, ?4, ?4
FROM webhooks CROSS JOIN outbox ON outbox.id > ?2 AND outbox.id <= ?3
WHERE webhooks.id = ?1
    AND (json_array_length(events) = 0 OR outbox.name IN (SELECT value FROM json_each(events)))
ORDER BY outbox.id;
