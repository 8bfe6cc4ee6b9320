-- Shows that the holder lives. Params: 1 holder.
UPDATE courier SET beat = beat + 1 WHERE id = 1 AND holder = ?1;
