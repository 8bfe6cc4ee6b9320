-- Shows that the holder lives. Params: 1 errand, 2 holder, 3 now.
UPDATE leases SET beat = beat + 1, seen_at = ?3 WHERE errand = ?1 AND holder = ?2;
