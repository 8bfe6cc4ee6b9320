-- Selects 1 if a customer placed an order or is among its participants, else 0. Params: 1 customer, 2 order.
SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?2 AND customer_id = ?1)
    OR EXISTS (SELECT 1 FROM order_participants WHERE order_id = ?2 AND customer_id = ?1);
