-- Takes the deliveries over where nobody has them, or whoever had them gave no other number since. Params: 1 holder,
-- 2 who had them, 3 the number they gave last.
INSERT INTO courier (id, holder, beat) VALUES (1, ?1, 1)
ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, beat = beat + 1 WHERE holder = ?2 AND beat = ?3;
