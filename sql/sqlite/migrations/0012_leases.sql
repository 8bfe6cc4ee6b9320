-- Leases of the delivery workers, one for each channel.

CREATE TABLE leases (
    channel    TEXT    NOT NULL PRIMARY KEY CHECK (length(channel) BETWEEN 1 AND 32 AND channel NOT GLOB '*[^a-z_]*'),
    holder     TEXT    NOT NULL CHECK (length(holder) = 32),
    heartbeat  INTEGER NOT NULL CHECK (heartbeat > 0),
    -- 1 if another server has asked for a heartbeat.
    challenged INTEGER NOT NULL CHECK (challenged IN (0, 1)),
    -- For display only: a takeover is decided by the heartbeat, not by wall-clock time.
    since      INTEGER NOT NULL CHECK (since BETWEEN -62167219200 AND 253402207200),
    seen_at    INTEGER NOT NULL CHECK (seen_at BETWEEN -62167219200 AND 253402207200)
) STRICT, WITHOUT ROWID;
