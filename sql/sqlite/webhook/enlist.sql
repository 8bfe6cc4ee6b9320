-- Makes a delivery of each event a webhook asks for, of those it has not looked at. Params: 1 webhook, 2 up to this event, 3 at.
INSERT INTO deliveries (webhook_id, event_id, state, attempts, due_at, created_at)
SELECT webhooks.id, outbox.id, 'waiting', 0, ?3, ?3
FROM webhooks CROSS JOIN outbox ON outbox.id > webhooks.position AND outbox.id <= ?2
WHERE webhooks.id = ?1
    AND (json_array_length(events) = 0 OR outbox.name IN (SELECT value FROM json_each(events)))
ORDER BY outbox.id;
