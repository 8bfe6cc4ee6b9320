-- Shows that the holder lives. Params: 1 errand, 2 holder.
UPDATE leases SET beat = beat + 1 WHERE errand = ?1 AND holder = ?2;
