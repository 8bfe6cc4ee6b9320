-- Takes a channel over where nobody has it, or where its heartbeat has stood still. Params: 1 channel, 2 holder, 3 who had it,
-- 4 the heartbeat that was seen, 5 now.
INSERT INTO leases (channel, holder, heartbeat, challenged, since, seen_at) VALUES (?1, ?2, 1, 0, ?5, ?5)
ON CONFLICT (channel) DO UPDATE
SET holder = excluded.holder, heartbeat = heartbeat + 1, challenged = 0, since = excluded.since, seen_at = excluded.seen_at
WHERE holder = ?3 AND heartbeat = ?4;
