-- Moves a ticket. What the table refuses undoes the whole transaction: nothing need be kept to undo one statement.
-- Params: 1 id, 2 version it had, 3 version, 4 status, 5 level, 6 updated at.
UPDATE OR ROLLBACK tickets SET version = ?3, status = ?4, level = ?5, updated_at = ?6
WHERE id = ?1 AND version = ?2;
