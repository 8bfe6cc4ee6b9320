-- The webhooks that get their events, and whether something is due for each: its first delivery that waits, or an event
-- that was not looked at yet. Params: 1 now, 2 later than this no true time can be.
SELECT id, coalesce(
    (SELECT due_at NOT BETWEEN ?1 + 1 AND ?2
     FROM deliveries INDEXED BY deliveries_waiting
     WHERE webhook_id = webhooks.id AND state = 'waiting' ORDER BY event_id LIMIT 1),
    position < (SELECT max(id) FROM outbox),
    0)
FROM webhooks
WHERE disabled_at IS NULL
ORDER BY id;
