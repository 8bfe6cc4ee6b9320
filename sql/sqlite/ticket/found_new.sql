-- The tickets that are not in the index of words yet, the highest id first. Params: 1 after this id, 2 up to this one.
SELECT id FROM tickets WHERE id > ?1 AND id <= ?2 ORDER BY id DESC;
