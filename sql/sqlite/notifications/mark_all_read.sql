-- Marks all of a customer's unread notifications as read. Params: 1 customer, 2 time.
UPDATE notifications SET read_at = ?2 WHERE customer_id = ?1 AND read_at IS NULL;
