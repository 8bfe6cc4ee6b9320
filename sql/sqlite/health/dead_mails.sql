-- Counts dead mails.
SELECT count(*)
FROM mails INDEXED BY mails_failed
WHERE (state = 'dead' OR (state = 'waiting' AND attempts > 0)) AND state = 'dead' AND id > 0;
