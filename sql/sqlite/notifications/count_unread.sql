-- How many notifications a customer has not read. Params: 1 customer.
SELECT count(*) FROM notifications WHERE customer_id = ?1 AND read_at IS NULL;
