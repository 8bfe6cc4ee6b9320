-- Selects the oldest events after an id. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT id, audit_id, at FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2;
