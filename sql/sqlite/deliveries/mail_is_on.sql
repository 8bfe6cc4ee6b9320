-- Selects 1 if mail is on, else 0.
SELECT EXISTS (SELECT 1 FROM mailing WHERE id = 1 AND position IS NOT NULL);
