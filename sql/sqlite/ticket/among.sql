-- Those of some tickets that pass the filter: how well each answers the words, level and times. Lists are JSON arrays, and
-- null filters nothing. Params: 1 tickets, 2 created since, 3 created until, 4 statuses, 5 levels, 6 services, 7 issues,
-- 8 customers, 9 words.
SELECT tickets.id, iif(?9 IS NULL, 1, mentions(description, ?9)), level, created_at, updated_at
FROM json_each(?1) AS page CROSS JOIN tickets ON tickets.id = page.value
WHERE created_at BETWEEN ?2 AND ?3
    AND (?4 IS NULL OR status IN (SELECT value FROM json_each(?4)))
    AND (?5 IS NULL OR level IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR service IN (SELECT value FROM json_each(?6)))
    AND (?7 IS NULL OR issue IN (SELECT value FROM json_each(?7)))
    AND (?8 IS NULL OR customer_id IN (SELECT value FROM json_each(?8)));
