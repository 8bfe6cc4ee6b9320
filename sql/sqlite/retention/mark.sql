-- How far such rows have been let go. Params: 1 events or notifications.
SELECT through, audit_id FROM retention_marks WHERE what = ?1;
