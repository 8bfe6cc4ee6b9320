-- Tokens, of which only the SHA-256 is kept.

CREATE TABLE tokens (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    role        TEXT    NOT NULL CHECK (length(CAST(role AS BLOB)) BETWEEN 1 AND 32 AND role NOT GLOB '*[^a-z0-9_-]*'),
    permissions INTEGER NOT NULL CHECK (permissions BETWEEN 0 AND 4294967295),
    digest      BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    created_at  INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    expires_at  INTEGER NOT NULL CHECK (expires_at BETWEEN -62167219200 AND 253402207200),
    revoked_at  INTEGER CHECK (revoked_at BETWEEN -62167219200 AND 253402207200)
) STRICT;

CREATE INDEX tokens_of_customer ON tokens (customer_id);

CREATE TRIGGER tokens_stay_revoked BEFORE UPDATE ON tokens
WHEN old.revoked_at IS NOT NULL
BEGIN
    SELECT raise(ABORT, 'a revoked token stays as it is');
END;
