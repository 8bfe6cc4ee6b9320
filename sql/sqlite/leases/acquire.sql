-- Acquires a lease that is free or whose heartbeat has not changed. Params: 1 channel, 2 holder, 3 previous holder, 4
-- its last seen heartbeat, 5 now.
INSERT INTO leases (channel, holder, heartbeat, challenged, since, seen_at) VALUES (?1, ?2, 1, 0, ?5, ?5)
ON CONFLICT (channel) DO UPDATE
SET holder = excluded.holder, heartbeat = heartbeat + 1, challenged = 0, since = excluded.since, seen_at = excluded.seen_at
WHERE holder = ?3 AND heartbeat = ?4;
