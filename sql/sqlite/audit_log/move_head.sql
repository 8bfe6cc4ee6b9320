-- Moves the log's end. Params: 1 entries, 2 hash.
UPDATE audit_head SET entries = ?1, hash = ?2 WHERE id = 1;
