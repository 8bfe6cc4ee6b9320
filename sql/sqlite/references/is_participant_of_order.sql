-- Whether a customer booked the order or was among its participants. Params: 1 customer, 2 order.
SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?2 AND customer_id = ?1)
    OR EXISTS (SELECT 1 FROM order_participants WHERE order_id = ?2 AND customer_id = ?1);
