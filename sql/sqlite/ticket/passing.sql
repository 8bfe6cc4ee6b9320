-- Which of these tickets pass the filter. Lists are JSON arrays, and null filters nothing.
-- Params: 1 tickets, 2 statuses, 3 services, 4 issues, 5 levels, 6 words.
SELECT tickets.id
FROM json_each(?1) AS page CROSS JOIN tickets ON tickets.id = page.value
WHERE (?2 IS NULL OR status IN (SELECT value FROM json_each(?2)))
    AND (?3 IS NULL OR service IN (SELECT value FROM json_each(?3)))
    AND (?4 IS NULL OR issue IN (SELECT value FROM json_each(?4)))
    AND (?5 IS NULL OR level IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR mentions(description, ?6) > 0);
