-- Lets deliveries go that will never be tried, since their webhooks were disabled long ago. Params: 1 before, 2 limit.
DELETE FROM deliveries
WHERE id IN (
    SELECT deliveries.id
    FROM webhooks CROSS JOIN deliveries INDEXED BY deliveries_waiting ON webhook_id = webhooks.id
    WHERE disabled_at < ?1 AND state = 'waiting'
    LIMIT ?2
);
