-- Whether a mail is due, or a notification was not looked at yet. No row while mail is off. Params: 1 now, 2 later than
-- this no true time can be.
SELECT coalesce(position < (SELECT max(id) FROM notifications), 0)
    OR EXISTS (SELECT 1 FROM mails INDEXED BY mails_waiting WHERE state = 'waiting' AND due_at <= ?1)
    OR EXISTS (SELECT 1 FROM mails INDEXED BY mails_waiting WHERE state = 'waiting' AND due_at > ?2)
FROM mailing
WHERE id = 1 AND position IS NOT NULL;
