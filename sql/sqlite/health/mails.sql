-- Counts waiting mails, those of them that wait for a retry, and dead mails.
SELECT
    (SELECT count(*) FROM mails INDEXED BY mails_waiting WHERE state = 'waiting' AND due_at > -62167219201),
    (SELECT count(*) FROM mails INDEXED BY mails_failed
        WHERE (state = 'dead' OR (state = 'waiting' AND attempts > 0)) AND state = 'waiting' AND id > 0),
    (SELECT count(*) FROM mails INDEXED BY mails_failed
        WHERE (state = 'dead' OR (state = 'waiting' AND attempts > 0)) AND state = 'dead' AND id > 0);
