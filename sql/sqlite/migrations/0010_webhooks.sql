-- Webhooks, and the deliveries to each.

CREATE TABLE webhooks (
    id               INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    url              TEXT    NOT NULL CHECK (length(CAST(url AS BLOB)) BETWEEN 1 AND 8192),
    private          INTEGER NOT NULL CHECK (private IN (0, 1)),
    events           TEXT    NOT NULL CHECK (json_type(events) = 'array'),
    headers          TEXT    NOT NULL CHECK (json_type(headers) = 'array'),
    tag              TEXT    NOT NULL UNIQUE CHECK (length(tag) = 16 AND tag NOT GLOB '*[^0-9a-f]*'),
    secret           BLOB    NOT NULL CHECK (length(secret) BETWEEN 24 AND 64),
    old_secret       BLOB    CHECK (length(old_secret) BETWEEN 24 AND 64),
    old_secret_until INTEGER CHECK (old_secret_until BETWEEN -62167219200 AND 253402207200),
    -- Last event of the outbox that was queued or skipped; initially the last event before the webhook was added.
    position         INTEGER NOT NULL CHECK (position >= 0),
    created_at       INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    created_by       TEXT    NOT NULL CHECK (length(created_by) BETWEEN 1 AND 100),
    disabled_at      INTEGER CHECK (disabled_at BETWEEN -62167219200 AND 253402207200),
    CONSTRAINT an_old_secret_ends CHECK ((old_secret IS NULL) = (old_secret_until IS NULL))
) STRICT;

CREATE TABLE deliveries (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
    event_id   INTEGER NOT NULL REFERENCES outbox (id),
    state      TEXT    NOT NULL CHECK (length(state) BETWEEN 1 AND 32 AND state NOT GLOB '*[^a-z_]*'),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    due_at     INTEGER NOT NULL CHECK (due_at BETWEEN -62167219200 AND 253402207200),
    created_at INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    last_at    INTEGER CHECK (last_at BETWEEN -62167219200 AND 253402207200),
    took       INTEGER CHECK (took >= 0),
    status     INTEGER CHECK (status BETWEEN 100 AND 999),
    error    TEXT    CHECK (length(error) BETWEEN 1 AND 32 AND error NOT GLOB '*[^a-z_]*'),
    answer     TEXT,
    CONSTRAINT an_attempt_is_whole CHECK (
        (last_at IS NULL) = (took IS NULL) AND (last_at IS NULL) = (answer IS NULL)
        AND (last_at IS NOT NULL) = ((status IS NULL) + (error IS NULL) = 1)),
    CONSTRAINT an_event_goes_once_to_each UNIQUE (webhook_id, event_id)
) STRICT;

CREATE INDEX deliveries_waiting ON deliveries (webhook_id, event_id) WHERE state = 'waiting';
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, id);
CREATE INDEX deliveries_failed ON deliveries (id) WHERE state = 'dead' OR (state = 'waiting' AND attempts > 0);
CREATE INDEX deliveries_of_event ON deliveries (event_id);
-- Ended deliveries by time, for retention.
CREATE INDEX deliveries_ended ON deliveries (last_at) WHERE state <> 'waiting';
