-- Tickets that may hold some words: what the index finds, and what is not in it yet. Params: 1 grams as an expression
-- of the index, 2 limit.
SELECT rowid FROM ticket_grams WHERE ticket_grams MATCH ?1
UNION ALL
SELECT id FROM tickets WHERE id > (SELECT ticket_id FROM ticket_grams_position WHERE id = 1)
LIMIT ?2;
