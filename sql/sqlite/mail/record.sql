-- Keeps an attempt, unless another was kept since. Params: 1 mail, 2 attempts before, 3 state, 4 due at, 5 ended at,
-- 6 code, 7 trouble, 8 answer.
UPDATE mails
SET attempts = ?2 + 1, state = ?3, due_at = ?4, last_at = ?5, code = ?6, trouble = ?7, answer = ?8
WHERE id = ?1 AND attempts = ?2 AND state = 'waiting';
