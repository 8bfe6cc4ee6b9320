-- The oldest notifications. Params: 1 after this number, 2 limit.
SELECT id, audit_id, at FROM notifications WHERE id > ?1 ORDER BY id LIMIT ?2;
