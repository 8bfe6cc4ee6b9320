-- Counts a customer's unread notifications. Params: 1 customer.
SELECT count(*) FROM notifications WHERE customer_id = ?1 AND read_at IS NULL;
