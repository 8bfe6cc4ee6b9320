-- Selects 1 if a customer booked a booking or is among its participants, else 0. Params: 1 customer, 2 booking.
SELECT EXISTS (SELECT 1 FROM bookings WHERE id = ?2 AND customer_id = ?1)
    OR EXISTS (SELECT 1 FROM booking_participants WHERE booking_id = ?2 AND customer_id = ?1);
