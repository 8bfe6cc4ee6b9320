-- Places of tickets, newest first. Params: 1 not before this time, 2 before this time, 3 and this id, 4 limit.
SELECT created_at, id FROM tickets
WHERE created_at >= ?1 AND (created_at, id) < (?2, ?3)
ORDER BY created_at DESC, id DESC
LIMIT ?4;
