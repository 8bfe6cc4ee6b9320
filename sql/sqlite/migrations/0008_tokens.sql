-- Tokens, of which only the SHA-256 digest is stored.

CREATE TABLE tokens (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    principal_kind TEXT NOT NULL CHECK (length(principal_kind) BETWEEN 1 AND 32 AND principal_kind NOT GLOB '*[^a-z_]*'),
    customer_id INTEGER REFERENCES customers (id),
    principal_name TEXT CHECK (length(principal_name) BETWEEN 1 AND 100),
    role        TEXT    NOT NULL CHECK (length(CAST(role AS BLOB)) BETWEEN 1 AND 32 AND role NOT GLOB '*[^a-z0-9_-]*'),
    permissions INTEGER NOT NULL CHECK (permissions BETWEEN 0 AND 4294967295),
    digest      BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    created_at  INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    expires_at  INTEGER NOT NULL CHECK (expires_at BETWEEN -62167219200 AND 253402207200),
    revoked_at  INTEGER CHECK (revoked_at BETWEEN -62167219200 AND 253402207200),
    CONSTRAINT the_principal_is_one CHECK ((customer_id IS NULL) <> (principal_name IS NULL))
) STRICT;

CREATE INDEX tokens_of_principal ON tokens (customer_id, principal_name, principal_kind);

CREATE TRIGGER tokens_stay_revoked BEFORE UPDATE ON tokens
WHEN old.revoked_at IS NOT NULL
BEGIN
    SELECT raise(ABORT, 'a revoked token is immutable');
END;
