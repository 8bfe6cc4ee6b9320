-- Selects the newest tickets that a customer owns or is a group member of, unsorted: two index scans, merged. Params: 1
-- customer, 2 exclusive upper bound of the creation time, 3 and of the id at that time, 4 statuses as a JSON array or
-- null, 5 limit, 6 inclusive lower bound of the creation time, 7 1 to include tickets of groups.
WITH page (id, created_at) AS MATERIALIZED (
    SELECT id, created_at FROM tickets
    WHERE customer_id = ?1 AND (created_at, id) < (?2, ?3) AND created_at >= ?6
        AND (?4 IS NULL OR status IN (SELECT value FROM json_each(?4)))
    UNION ALL
    SELECT ticket_id, created_at FROM ticket_members
    WHERE ?7 AND customer_id = ?1 AND (created_at, ticket_id) < (?2, ?3) AND created_at >= ?6
        AND (?4 IS NULL
            OR (SELECT status FROM tickets WHERE id = ticket_id) IN (SELECT value FROM json_each(?4)))
    ORDER BY created_at DESC, id DESC
    LIMIT ?5
)
SELECT shown.*
FROM page CROSS JOIN ticket_details AS shown ON shown.id = page.id;
