-- Deletes events in a range. Params: 1 exclusive lower bound of the id, 2 inclusive upper bound.
DELETE FROM outbox WHERE id > ?1 AND id <= ?2;
