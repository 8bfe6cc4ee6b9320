-- Tickets with their last entries, in order. Params: 1 after this id, 2 limit.
SELECT tickets.id, tickets.status, tickets.level, entry.id, entry.status, entry.level
FROM tickets
LEFT JOIN audit AS entry ON entry.id = (
    SELECT max(id) FROM audit WHERE subject_kind = 'ticket' AND subject_id = tickets.id)
WHERE tickets.id > ?1
ORDER BY tickets.id
LIMIT ?2;
