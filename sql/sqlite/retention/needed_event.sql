-- The first event that webhooks still need: one that a delivery is of, or that one which gets its events has not looked at.
SELECT min(id)
FROM (
    SELECT min(event_id) AS id FROM deliveries
    UNION ALL
    SELECT min(position) + 1 FROM webhooks WHERE disabled_at IS NULL
);
