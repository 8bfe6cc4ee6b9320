-- Selects the first event that a webhook still needs: one with a delivery, or one past the position of an enabled
-- webhook.
SELECT min(id)
FROM (
    SELECT min(event_id) AS id FROM deliveries
    UNION ALL
    SELECT min(position) + 1 FROM webhooks WHERE disabled_at IS NULL
);
