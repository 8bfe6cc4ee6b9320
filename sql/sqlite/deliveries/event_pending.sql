-- Webhooks that get their events, and when the next delivery to each is due: now where an event was not looked at yet. Null
-- where none waits. Params: 1 now.
SELECT id, coalesce(
    (SELECT due_at
     FROM deliveries INDEXED BY deliveries_waiting
     WHERE webhook_id = webhooks.id AND state = 'waiting' ORDER BY event_id LIMIT 1),
    CASE WHEN position < (SELECT max(id) FROM outbox) THEN ?1 END)
FROM webhooks
WHERE disabled_at IS NULL
ORDER BY id;
