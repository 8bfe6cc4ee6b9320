-- Turns mail on for later notifications, unless it is on. Params: 1 message id prefix for a store that has none.
INSERT INTO mailing (id, tag, position) VALUES (1, ?1, coalesce((SELECT max(id) FROM notifications), 0))
ON CONFLICT (id) DO UPDATE SET position = excluded.position WHERE position IS NULL;
