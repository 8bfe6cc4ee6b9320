-- The tickets whose descriptions hold the words, the highest id first: their rank, their keys, and whether they pass the
-- rest of the filter. Lists are JSON arrays, and null filters nothing. Params: 1 created since, 2 created until,
-- 3 statuses, 4 levels, 5 customers, 6 words, 7 up to this id, 8 limit, 9 grams as an expression of the index.
SELECT
    tickets.id, mentions(description, ?6), level, created_at, updated_at,
    created_at BETWEEN ?1 AND ?2
        AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3)))
        AND (?4 IS NULL OR level IN (SELECT value FROM json_each(?4)))
        AND (?5 IS NULL OR customer_id IN (SELECT value FROM json_each(?5)))
FROM ticket_words CROSS JOIN tickets ON tickets.id = ticket_words.rowid
WHERE ticket_words MATCH ?9 AND ticket_words.rowid <= ?7 AND mentions(description, ?6) > 0
ORDER BY ticket_words.rowid DESC
LIMIT ?8;
