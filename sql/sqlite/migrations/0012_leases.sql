-- For each errand the one server that works it off, and a number that it raises as long as it lives.

CREATE TABLE leases (
    errand  TEXT    NOT NULL PRIMARY KEY CHECK (length(errand) BETWEEN 1 AND 32 AND errand NOT GLOB '*[^a-z_]*'),
    holder  TEXT    NOT NULL CHECK (length(holder) = 32),
    beat    INTEGER NOT NULL CHECK (beat > 0),
    -- For people alone: nobody takes over by a clock on a wall.
    since   INTEGER NOT NULL CHECK (since BETWEEN -62167219200 AND 253402207200),
    seen_at INTEGER NOT NULL CHECK (seen_at BETWEEN -62167219200 AND 253402207200)
) STRICT, WITHOUT ROWID;
