-- Selects enabled webhooks, each with the due time of its next delivery: now if the outbox has events past its
-- position, null if nothing waits. Params: 1 now.
SELECT id, coalesce(
    (SELECT due_at
     FROM deliveries INDEXED BY deliveries_waiting
     WHERE webhook_id = webhooks.id AND state = 'waiting' ORDER BY event_id LIMIT 1),
    CASE WHEN position < (SELECT max(id) FROM outbox) THEN ?1 END)
FROM webhooks
WHERE disabled_at IS NULL
ORDER BY id;
