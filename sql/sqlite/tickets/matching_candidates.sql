-- Selects those of some tickets that match a filter, each with its search rank, level and times. Lists are JSON arrays.
-- Null matches everything. Params: 1 tickets, 2 1 to filter by time of update instead of creation, 3 since, 4 until, 5
-- statuses, 6 levels, 7 services, 8 issues, 9 owners, 10 search words.
SELECT tickets.id, iif(?10 IS NULL, 1, mentions(description, ?10)), level, created_at, updated_at
FROM json_each(?1) AS page CROSS JOIN tickets ON tickets.id = page.value
WHERE iif(?2, updated_at, created_at) BETWEEN ?3 AND ?4
    AND (?5 IS NULL OR status IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR level IN (SELECT value FROM json_each(?6)))
    AND (?7 IS NULL OR service IN (SELECT value FROM json_each(?7)))
    AND (?8 IS NULL OR issue IN (SELECT value FROM json_each(?8)))
    AND (?9 IS NULL OR customer_id IN (SELECT value FROM json_each(?9)));
