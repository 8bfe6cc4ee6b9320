-- Deletes notifications in a range, read or unread. Params: 1 exclusive lower bound of the id, 2 inclusive upper bound.
DELETE FROM notifications WHERE id > ?1 AND id <= ?2;
