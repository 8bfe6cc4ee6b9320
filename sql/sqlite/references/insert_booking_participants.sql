-- Inserts a booking's participants. Params: 1 booking, 2 customers as a JSON array.
INSERT INTO booking_participants (booking_id, customer_id)
SELECT ?1, value FROM json_each(?2);
