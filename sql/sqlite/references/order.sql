-- Selects an order with its participants, sorted by id. Params: 1 id.
SELECT
    id, customer_id, merchant, amount, currency,
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM order_participants WHERE order_id = ?1 ORDER BY customer_id))
FROM orders
WHERE id = ?1;
