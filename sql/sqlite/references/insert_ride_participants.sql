-- Inserts a ride's participants. Params: 1 ride, 2 customers as a JSON array.
INSERT INTO ride_participants (ride_id, customer_id)
SELECT ?1, value FROM json_each(?2);
