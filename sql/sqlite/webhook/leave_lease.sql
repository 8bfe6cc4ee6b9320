-- Leaves the deliveries to whoever comes. Params: 1 holder.
DELETE FROM courier WHERE id = 1 AND holder = ?1;
