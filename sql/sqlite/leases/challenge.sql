-- Asks the holder of a lease for a heartbeat. Params: 1 channel.
UPDATE leases SET challenged = 1 WHERE channel = ?1;
