-- Lets notifications go, read or not. Params: 1 after this number, 2 up to this number.
DELETE FROM notifications WHERE id > ?1 AND id <= ?2;
