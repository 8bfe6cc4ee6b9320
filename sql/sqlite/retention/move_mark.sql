-- Moves the place up to which such rows are let go. Params: 1 events or notifications, 2 number, 3 audit entry, 4 the number that it was.
UPDATE retention_marks SET through = ?2, audit_id = ?3 WHERE what = ?1 AND through = ?4;
