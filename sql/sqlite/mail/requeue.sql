-- Lets a mail be tried now: from the start where it had ended. Params: 1 mail, 2 now.
UPDATE mails
SET attempts = iif(state = 'waiting', attempts, 0), state = 'waiting', due_at = ?2
WHERE id = ?1;
