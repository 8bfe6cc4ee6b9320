-- For each channel the one server that works it off, and a number that it raises while there is something to deliver.

CREATE TABLE leases (
    channel    TEXT    NOT NULL PRIMARY KEY CHECK (length(channel) BETWEEN 1 AND 32 AND channel NOT GLOB '*[^a-z_]*'),
    holder     TEXT    NOT NULL CHECK (length(holder) = 32),
    heartbeat  INTEGER NOT NULL CHECK (heartbeat > 0),
    -- Somebody asks for a heartbeat.
    challenged INTEGER NOT NULL CHECK (challenged IN (0, 1)),
    -- For people alone: nobody takes over by a clock on a wall.
    since      INTEGER NOT NULL CHECK (since BETWEEN -62167219200 AND 253402207200),
    seen_at    INTEGER NOT NULL CHECK (seen_at BETWEEN -62167219200 AND 253402207200)
) STRICT, WITHOUT ROWID;
