-- Inserts a ride. Params: 1 id, 2 customer, 3 pickup, 4 dropoff.
INSERT INTO rides (id, customer_id, pickup, dropoff) VALUES (?1, ?2, ?3, ?4);
