-- Lets a mail be tried now, unless it was tried meanwhile. Params: 1 mail, 2 attempts it had, 3 attempts, 4 now.
UPDATE mails SET attempts = ?3, state = 'waiting', due_at = ?4 WHERE id = ?1 AND attempts = ?2;
