-- Selects the due time of the next mail: now if there are notifications past the position or a mail has an impossible
-- due time, null if nothing waits. No row while mail is off. Params: 1 now, 2 latest possible due time.
SELECT CASE
    WHEN position < (SELECT max(id) FROM notifications) THEN ?1
    WHEN EXISTS (SELECT 1 FROM mails INDEXED BY mails_waiting WHERE state = 'waiting' AND due_at > ?2) THEN ?1
    ELSE (
        SELECT due_at FROM mails INDEXED BY mails_waiting
        WHERE state = 'waiting' AND due_at <= ?2 ORDER BY due_at LIMIT 1)
    END
FROM mailing
WHERE id = 1 AND position IS NOT NULL;
