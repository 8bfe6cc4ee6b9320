-- Takes an errand over where nobody has it, or whoever had it gave no other number since. Params: 1 errand, 2 holder,
-- 3 who had it, 4 the number they gave last.
INSERT INTO leases (errand, holder, beat) VALUES (?1, ?2, 1)
ON CONFLICT (errand) DO UPDATE SET holder = excluded.holder, beat = beat + 1 WHERE holder = ?3 AND beat = ?4;
