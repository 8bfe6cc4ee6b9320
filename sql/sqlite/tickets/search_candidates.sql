-- Selects tickets that may contain the search words: matches of the search index, and all tickets that it lacks.
-- Params: 1 FTS5 query of grams, 2 limit.
SELECT rowid FROM ticket_grams WHERE ticket_grams MATCH ?1
UNION ALL
SELECT id FROM tickets WHERE id > (SELECT ticket_id FROM ticket_grams_position WHERE id = 1)
LIMIT ?2;
