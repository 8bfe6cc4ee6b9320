-- Increments the heartbeat of a lease. Params: 1 channel, 2 holder, 3 now.
UPDATE leases SET heartbeat = heartbeat + 1, challenged = 0, seen_at = ?3 WHERE channel = ?1 AND holder = ?2;
