-- The tickets that pass the filter, the latest moved first. Lists are JSON arrays, and null filters nothing.
-- Params: 1 created since, 2 created until, 3 before this time, 4 and this id, 5 statuses, 6 services, 7 issues,
-- 8 levels, 9 words without case, 10 limit.
SELECT * FROM shown_tickets
WHERE updated_at >= ?1 AND (updated_at, id) < (?3, ?4) AND +created_at BETWEEN ?1 AND ?2
    AND (?5 IS NULL OR status IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR service IN (SELECT value FROM json_each(?6)))
    AND (?7 IS NULL OR issue IN (SELECT value FROM json_each(?7)))
    AND (?8 IS NULL OR level IN (SELECT value FROM json_each(?8)))
    AND (?9 IS NULL OR mentions(description, ?9))
ORDER BY updated_at DESC, id DESC
LIMIT ?10;
