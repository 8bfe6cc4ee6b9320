-- Takes an errand over where nobody has it, or whoever had it gave no other number since. Params: 1 errand, 2 holder,
-- 3 who had it, 4 the number they gave last, 5 now.
INSERT INTO leases (errand, holder, beat, since, seen_at) VALUES (?1, ?2, 1, ?5, ?5)
ON CONFLICT (errand) DO UPDATE
SET holder = excluded.holder, beat = beat + 1, since = excluded.since, seen_at = excluded.seen_at
WHERE holder = ?3 AND beat = ?4;
