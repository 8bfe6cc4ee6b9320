-- Selects the id up to which a class of rows is purged. Params: 1 class (events or notifications).
SELECT through, audit_id FROM retention_marks WHERE what = ?1;
