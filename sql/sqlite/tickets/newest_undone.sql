-- Selects the sort keys of tickets that are not closed and match a filter, newest first. Each filter is its first value
-- and a JSON array of all if there are several. Null matches everything. Params: 1 exclusive upper bound of the time, 2
-- and of the id at that time, 3 inclusive lower bound of the time, 4 status, 5 statuses, 6 level, 7 levels, 8 service,
-- 9 services, 10 issue, 11 issues, 12 FTS5 query of grams, 13 search words, 14 limit.
SELECT 0, created_at, id FROM tickets
WHERE status <> 'CLOSED'
    AND (?4 IS NULL OR status = ?4 OR (?5 IS NOT NULL AND status IN (SELECT value FROM json_each(?5))))
    AND (?6 IS NULL OR level = ?6 OR (?7 IS NOT NULL AND level IN (SELECT value FROM json_each(?7))))
    AND (?8 IS NULL OR service = ?8 OR (?9 IS NOT NULL AND service IN (SELECT value FROM json_each(?9))))
    AND (?10 IS NULL OR issue = ?10 OR (?11 IS NOT NULL AND issue IN (SELECT value FROM json_each(?11))))
    AND created_at >= ?3 AND (created_at, id) < (?1, ?2)
    AND (?12 IS NULL OR id IN (
        SELECT rowid FROM ticket_grams WHERE ticket_grams MATCH ?12
        UNION ALL
        SELECT id FROM tickets WHERE id > (SELECT ticket_id FROM ticket_grams_position WHERE id = 1)))
    AND (?13 IS NULL OR mentions(description, ?13))
ORDER BY created_at DESC, id DESC
LIMIT ?14;
