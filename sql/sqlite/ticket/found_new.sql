-- The same among the tickets that are not in the index of words yet. Params: 1 created since, 2 created until,
-- 3 statuses, 4 levels, 5 customers, 6 words, 7 up to this id, 8 limit, 9 services, 10 issues.
SELECT
    id, mentions(description, ?6), level, created_at, updated_at,
    created_at BETWEEN ?1 AND ?2
        AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3)))
        AND (?4 IS NULL OR level IN (SELECT value FROM json_each(?4)))
        AND (?5 IS NULL OR customer_id IN (SELECT value FROM json_each(?5)))
FROM tickets
WHERE id > (SELECT ticket_id FROM ticket_words_end WHERE ticket_words_end.id = 1) AND id <= ?7
    AND (?9 IS NULL OR service IN (SELECT value FROM json_each(?9)))
    AND (?10 IS NULL OR issue IN (SELECT value FROM json_each(?10)))
    AND mentions(description, ?6) > 0
ORDER BY id DESC
LIMIT ?8;
