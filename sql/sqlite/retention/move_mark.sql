-- Moves the id up to which a class of rows is purged. Params: 1 class (events or notifications), 2 new id, 3 audit
-- entry, 4 expected id.
UPDATE retention_marks SET through = ?2, audit_id = ?3 WHERE what = ?1 AND through = ?4;
