-- Moves the position of mail among the notifications. Params: 1 expected position, 2 new position.
UPDATE mailing SET position = ?2 WHERE id = 1 AND position = ?1;
