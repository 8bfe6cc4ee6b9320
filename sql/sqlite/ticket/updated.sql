-- Places of tickets, the latest moved first. Params: 1 not before this time, 2 before this time, 3 and this id, 4 limit, 5 created since or null, 6 created until.
SELECT updated_at, id FROM tickets
WHERE updated_at >= ?1 AND (updated_at, id) < (?2, ?3)
    AND (?5 IS NULL OR +created_at BETWEEN ?5 AND ?6)
ORDER BY updated_at DESC, id DESC
LIMIT ?4;
