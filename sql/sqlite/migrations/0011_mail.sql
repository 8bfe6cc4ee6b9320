-- Mail channel.

-- State of the mail channel, and the prefix that makes this store's message ids unique.
CREATE TABLE mailing (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    tag      TEXT    NOT NULL CHECK (length(tag) = 16 AND tag NOT GLOB '*[^0-9a-f]*'),
    -- Last notification that was queued or skipped; initially the last one before mail was turned on. Null while off.
    position INTEGER CHECK (position >= 0)
) STRICT;

-- A mail has the id of its notification and is deleted with it.
CREATE TABLE mails (
    id         INTEGER NOT NULL PRIMARY KEY REFERENCES notifications (id) ON DELETE CASCADE,
    state      TEXT    NOT NULL CHECK (length(state) BETWEEN 1 AND 32 AND state NOT GLOB '*[^a-z_]*'),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    due_at     INTEGER NOT NULL CHECK (due_at BETWEEN -62167219200 AND 253402207200),
    created_at INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    last_at    INTEGER CHECK (last_at BETWEEN -62167219200 AND 253402207200),
    took       INTEGER CHECK (took >= 0),
    status     INTEGER CHECK (status BETWEEN 200 AND 599),
    error    TEXT    CHECK (length(error) BETWEEN 1 AND 32 AND error NOT GLOB '*[^a-z_]*'),
    answer     TEXT,
    CONSTRAINT an_attempt_is_whole CHECK (
        (last_at IS NULL) = (took IS NULL) AND (last_at IS NULL) = (answer IS NULL)
        AND (last_at IS NOT NULL) = ((status IS NULL) + (error IS NULL) = 1))
) STRICT;

CREATE INDEX mails_waiting ON mails (due_at) WHERE state = 'waiting';
CREATE INDEX mails_failed ON mails (id) WHERE state = 'dead' OR (state = 'waiting' AND attempts > 0);
