-- Selects 1 if a customer booked a ride or is among its participants, else 0. Params: 1 customer, 2 ride.
SELECT EXISTS (SELECT 1 FROM rides WHERE id = ?2 AND customer_id = ?1)
    OR EXISTS (SELECT 1 FROM ride_participants WHERE ride_id = ?2 AND customer_id = ?1);
