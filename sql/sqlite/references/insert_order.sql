-- Inserts an order. Params: 1 id, 2 customer, 3 merchant, 4 amount, 5 currency.
INSERT INTO orders (id, customer_id, merchant, amount, currency) VALUES (?1, ?2, ?3, ?4, ?5);
