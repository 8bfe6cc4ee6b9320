-- Counts dead webhook deliveries.
SELECT count(*)
FROM deliveries INDEXED BY deliveries_failed
WHERE (state = 'dead' OR (state = 'waiting' AND attempts > 0)) AND state = 'dead' AND id > 0;
