-- The tickets that pass the filter, newest first. Lists are JSON arrays, and null filters nothing.
-- Params: 1 created since, 2 created until, 3 before this time, 4 and this id, 5 statuses, 6 services, 7 issues,
-- 8 levels, 9 words without case, 10 limit.
SELECT * FROM shown_tickets
WHERE created_at >= ?1 AND (created_at, id) < (min(?3, ?2 + 1), iif(?3 > ?2, 0, ?4))
    AND (?5 IS NULL OR status IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR service IN (SELECT value FROM json_each(?6)))
    AND (?7 IS NULL OR issue IN (SELECT value FROM json_each(?7)))
    AND (?8 IS NULL OR level IN (SELECT value FROM json_each(?8)))
    AND (?9 IS NULL OR mentions(description, ?9))
ORDER BY created_at DESC, id DESC
LIMIT ?10;
