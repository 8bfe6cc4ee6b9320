-- Lets a delivery be tried now: from the start where it had ended. Params: 1 delivery, 2 now.
UPDATE deliveries
SET attempts = iif(state = 'waiting', attempts, 0), state = 'waiting', due_at = ?2
WHERE id = ?1;
