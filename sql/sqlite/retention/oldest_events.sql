-- The oldest events. Params: 1 after this number, 2 limit.
SELECT id, audit_id, at FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2;
