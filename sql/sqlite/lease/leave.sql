-- Leaves an errand to whoever comes. Params: 1 errand, 2 holder.
DELETE FROM leases WHERE errand = ?1 AND holder = ?2;
