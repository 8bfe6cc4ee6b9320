-- The tickets in which the index of words finds its grams, the highest id first. Params: 1 grams as an expression of the
-- index, 2 from this id, 3 up to this one, 4 limit.
SELECT rowid FROM ticket_words
WHERE ticket_words MATCH ?1 AND rowid BETWEEN ?2 AND ?3
ORDER BY rowid DESC
LIMIT ?4;
