-- Moves mail's place among the notifications. Params: 1 from here, 2 the last notification it has looked at.
UPDATE mailing SET position = ?2 WHERE id = 1 AND position = ?1;
