-- Row that is written to prove that the store accepts writes.

CREATE TABLE pulse (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200)
) STRICT;
