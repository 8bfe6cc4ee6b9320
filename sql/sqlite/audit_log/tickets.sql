-- Selects tickets with their last audit entries, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT tickets.id, tickets.status, tickets.level, entry.id, entry.status, entry.level
FROM tickets
LEFT JOIN audit AS entry ON entry.id = (
    SELECT max(id) FROM audit WHERE subject_kind = 'ticket' AND subject_id = tickets.id)
WHERE tickets.id > ?1
ORDER BY tickets.id
LIMIT ?2;
