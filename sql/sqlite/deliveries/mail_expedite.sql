-- Makes mails due whose due time is impossible, because the clock was wrong. Params: 1 now, 2 latest possible due time.
UPDATE mails INDEXED BY mails_waiting SET due_at = ?1 WHERE state = 'waiting' AND due_at > ?2;
