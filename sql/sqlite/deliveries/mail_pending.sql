-- When the next mail is due: now where a notification was not looked at yet, or a wrong clock put a mail off for longer than
-- any wait. Null where none waits, and no row while mail is off. Params: 1 now, 2 later than this no true time can be.
SELECT CASE
    WHEN position < (SELECT max(id) FROM notifications) THEN ?1
    WHEN EXISTS (SELECT 1 FROM mails INDEXED BY mails_waiting WHERE state = 'waiting' AND due_at > ?2) THEN ?1
    ELSE (
        SELECT due_at FROM mails INDEXED BY mails_waiting
        WHERE state = 'waiting' AND due_at <= ?2 ORDER BY due_at LIMIT 1)
    END
FROM mailing
WHERE id = 1 AND position IS NOT NULL;
