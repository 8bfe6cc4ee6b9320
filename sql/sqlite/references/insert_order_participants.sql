-- Inserts an order's participants. Params: 1 order, 2 customers as a JSON array.
INSERT INTO order_participants (order_id, customer_id)
SELECT ?1, value FROM json_each(?2);
