-- Selects a booking with its participants, sorted by id. Params: 1 id.
SELECT
    id, customer_id, venue, starts_at, party_size,
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM booking_participants WHERE booking_id = ?1 ORDER BY customer_id))
FROM bookings
WHERE id = ?1;
