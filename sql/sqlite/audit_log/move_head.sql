-- Updates the head of the audit log. Params: 1 number of entries, 2 hash.
UPDATE audit_head SET entries = ?1, hash = ?2 WHERE id = 1;
