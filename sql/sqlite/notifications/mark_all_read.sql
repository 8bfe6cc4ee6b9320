-- Marks all of a customer's notifications as read. Params: 1 customer, 2 at.
UPDATE notifications SET read_at = ?2 WHERE customer_id = ?1 AND read_at IS NULL;
