-- Marks some of a customer's unread notifications as read. Params: 1 customer, 2 ids as a JSON array, 3 time.
UPDATE notifications SET read_at = ?3
WHERE id IN (SELECT value FROM json_each(?2)) AND customer_id = ?1 AND read_at IS NULL;
