-- Places of the tickets of some customers that pass the filter, in any order of a list. Lists are JSON arrays, and null
-- filters nothing. Params: 1 created since, 2 created until, 3 before this time, 4 and this id, 5 statuses, 6 services,
-- 7 issues, 8 levels, 9 words, 10 limit, 11 before this level or rank, 12 customers, 13 the order.
SELECT
    CASE ?13 WHEN 'level' THEN level WHEN 'rank' THEN mentions(description, ?9) ELSE 0 END AS height,
    iif(?13 = 'updated', updated_at, created_at) AS time,
    id
FROM tickets
WHERE customer_id IN (SELECT value FROM json_each(?12)) AND created_at BETWEEN ?1 AND ?2
    AND (height, time, id) < (?11, ?3, ?4)
    AND (?5 IS NULL OR status IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR service IN (SELECT value FROM json_each(?6)))
    AND (?7 IS NULL OR issue IN (SELECT value FROM json_each(?7)))
    AND (?8 IS NULL OR level IN (SELECT value FROM json_each(?8)))
    AND (?9 IS NULL OR mentions(description, ?9) > 0)
ORDER BY height DESC, time DESC, id DESC
LIMIT ?10;
