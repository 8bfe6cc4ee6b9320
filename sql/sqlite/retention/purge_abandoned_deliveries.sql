-- Deletes waiting deliveries of webhooks that were disabled before a time. Params: 1 time, 2 limit.
DELETE FROM deliveries
WHERE id IN (
    SELECT deliveries.id
    FROM webhooks CROSS JOIN deliveries INDEXED BY deliveries_waiting ON webhook_id = webhooks.id
    WHERE disabled_at < ?1 AND state = 'waiting'
    LIMIT ?2
);
