-- Who works deliveries off, and the last number it gave.
SELECT holder, beat FROM courier WHERE id = 1;
