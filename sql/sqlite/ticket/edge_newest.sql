-- The last ticket before a place in the order of time, of those in the index of words. Params: 1 before this time, 2 and
-- this id, 3 up to this ticket.
SELECT id FROM tickets WHERE (created_at, id) < (?1, ?2) AND +id <= ?3 ORDER BY created_at DESC, id DESC LIMIT 1;
