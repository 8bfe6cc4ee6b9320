-- Writes the instant of the last proof. Params: 1 at.
INSERT INTO pulse (id, at) VALUES (1, ?1)
ON CONFLICT (id) DO UPDATE SET at = excluded.at;
