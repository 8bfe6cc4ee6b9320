-- Stores the time of the last write check. Params: 1 time.
INSERT INTO pulse (id, at) VALUES (1, ?1)
ON CONFLICT (id) DO UPDATE SET at = excluded.at;
