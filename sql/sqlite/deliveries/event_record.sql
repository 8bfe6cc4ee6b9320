-- Stores an attempt, unless another was stored since. Params: 1 delivery, 2 attempts before, 3 state, 4 due time, 5
-- time of the attempt, 6 duration, 7 status, 8 error, 9 response.
UPDATE deliveries
SET attempts = ?2 + 1, state = ?3, due_at = ?4, last_at = ?5, took = ?6, status = ?7, error = ?8, answer = ?9
WHERE id = ?1 AND attempts = ?2 AND state = 'waiting';
