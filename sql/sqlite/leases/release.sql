-- Releases a lease. Params: 1 channel, 2 holder.
DELETE FROM leases WHERE channel = ?1 AND holder = ?2;
