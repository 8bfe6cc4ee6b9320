-- Selects webhooks with the number of undelivered events: waiting deliveries, and subscribed events past the webhook's
-- position.
SELECT id, url, disabled_at,
    (SELECT count(*) FROM deliveries INDEXED BY deliveries_waiting
        WHERE webhook_id = webhooks.id AND state = 'waiting')
    + (SELECT count(*) FROM outbox
        WHERE outbox.id > position
            AND (json_array_length(events) = 0 OR name IN (SELECT value FROM json_each(events))))
FROM webhooks
ORDER BY id;
