-- Writes whom an event concerns. Params: 1 event, 2 customers as a JSON array.
INSERT INTO event_audience (customer_id, event_id)
SELECT value, ?1 FROM json_each(?2);
