-- Selects the lease on a channel. Params: 1 channel.
SELECT holder, heartbeat, challenged FROM leases WHERE channel = ?1;
