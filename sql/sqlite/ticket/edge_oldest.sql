-- The first ticket of a time or later, of those in the index of words. Params: 1 time, 2 up to this ticket.
SELECT id FROM tickets WHERE created_at >= ?1 AND +id <= ?2 ORDER BY created_at, id LIMIT 1;
