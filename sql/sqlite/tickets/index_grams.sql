-- Puts the words of some tickets into their index. Params: 1 after this ticket, 2 up to this one.
INSERT INTO ticket_grams (rowid, grams)
SELECT id, grams(description) FROM tickets WHERE id > ?1 AND id <= ?2 ORDER BY id;
