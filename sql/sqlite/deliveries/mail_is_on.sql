-- Whether mail is on.
SELECT EXISTS (SELECT 1 FROM mailing WHERE id = 1 AND position IS NOT NULL);
