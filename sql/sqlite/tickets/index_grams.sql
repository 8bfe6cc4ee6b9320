-- Inserts the descriptions of tickets in a range into the search index. Params: 1 exclusive lower bound of the id, 2
-- inclusive upper bound.
INSERT INTO ticket_grams (rowid, grams)
SELECT id, grams(description) FROM tickets WHERE id > ?1 AND id <= ?2 ORDER BY id;
