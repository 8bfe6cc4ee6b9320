-- Deletes deliveries that ended before a time, oldest first. Params: 1 time, 2 limit.
DELETE FROM deliveries
WHERE id IN (
    SELECT id FROM deliveries INDEXED BY deliveries_ended
    WHERE state <> 'waiting' AND last_at < ?1
    ORDER BY last_at
    LIMIT ?2
);
