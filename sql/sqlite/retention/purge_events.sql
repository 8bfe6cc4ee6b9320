-- Lets events go. Params: 1 after this number, 2 up to this number.
DELETE FROM outbox WHERE id > ?1 AND id <= ?2;
