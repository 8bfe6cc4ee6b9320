-- Makes due what a wrong clock put off for longer than any wait. Params: 1 now, 2 later than this no true time can be.
UPDATE mails INDEXED BY mails_waiting SET due_at = ?1 WHERE state = 'waiting' AND due_at > ?2;
