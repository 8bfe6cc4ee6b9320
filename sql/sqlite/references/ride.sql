-- Selects a ride with its participants, sorted by id. Params: 1 id.
SELECT
    id, customer_id, pickup, dropoff,
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM ride_participants WHERE ride_id = ?1 ORDER BY customer_id))
FROM rides
WHERE id = ?1;
