-- Updates a ticket. A violated constraint rolls the transaction back, so that SQLite needs no statement journal.
-- Params: 1 id, 2 expected version, 3 new version, 4 status, 5 level, 6 time.
UPDATE OR ROLLBACK tickets SET version = ?3, status = ?4, level = ?5, updated_at = ?6
WHERE id = ?1 AND version = ?2;
