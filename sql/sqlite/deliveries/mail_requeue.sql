-- Makes a mail due, unless it was attempted since. Params: 1 mail, 2 expected attempts, 3 new attempts, 4 now.
UPDATE mails SET attempts = ?3, state = 'waiting', due_at = ?4 WHERE id = ?1 AND attempts = ?2;
