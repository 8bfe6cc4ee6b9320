-- Selects the events for a customer after an id, in order. Params: 1 customer, 2 exclusive lower bound of the id, 3
-- limit.
SELECT outbox.id, outbox.name, outbox.at, outbox.data
FROM event_audience CROSS JOIN outbox ON outbox.id = event_audience.event_id
WHERE event_audience.customer_id = ?1 AND event_audience.event_id > ?2
ORDER BY event_audience.event_id
LIMIT ?3;
