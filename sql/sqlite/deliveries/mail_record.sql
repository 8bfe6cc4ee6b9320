-- Keeps an attempt, unless another was kept since. Params: 1 mail, 2 attempts before, 3 state, 4 due at, 5 ended at, 6 took,
-- 7 status, 8 error, 9 answer.
UPDATE mails
SET attempts = ?2 + 1, state = ?3, due_at = ?4, last_at = ?5, took = ?6, status = ?7, error = ?8, answer = ?9
WHERE id = ?1 AND attempts = ?2 AND state = 'waiting';
