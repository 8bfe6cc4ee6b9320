-- Inserts a customer into the audience of an event. Params: 1 event, 2 customer.
INSERT INTO event_audience (customer_id, event_id) VALUES (?2, ?1);
