-- Moves mail's place among the notifications. Params: 1 the last notification it has looked at.
UPDATE mailing SET position = ?1 WHERE id = 1;
