-- Inserts a booking. Params: 1 id, 2 customer, 3 venue, 4 start time, 5 party size.
INSERT INTO bookings (id, customer_id, venue, starts_at, party_size) VALUES (?1, ?2, ?3, ?4, ?5);
