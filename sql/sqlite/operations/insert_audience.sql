-- Writes that an event concerns a customer. Params: 1 event, 2 customer.
INSERT INTO event_audience (customer_id, event_id) VALUES (?2, ?1);
