-- Who works an errand off, and the last number it gave. Params: 1 errand.
SELECT holder, beat FROM leases WHERE errand = ?1;
