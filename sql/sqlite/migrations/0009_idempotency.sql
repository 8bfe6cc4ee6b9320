-- Responses stored under idempotency keys.

-- `principal` has the form of the audit log, such as `customer:1`, and no foreign key: the response to an unknown
-- customer is stored too.
CREATE TABLE idempotency_keys (
    id          INTEGER NOT NULL PRIMARY KEY,
    principal   TEXT    NOT NULL CHECK (length(principal) BETWEEN 1 AND 128),
    endpoint    TEXT    NOT NULL CHECK (length(endpoint) BETWEEN 1 AND 64),
    key         TEXT    NOT NULL CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 255),
    request_digest BLOB    NOT NULL CHECK (length(request_digest) = 32),
    status      INTEGER NOT NULL CHECK (status BETWEEN 200 AND 499),
    language    TEXT    NOT NULL CHECK (length(language) BETWEEN 2 AND 35),
    text        BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL CHECK (expires_at BETWEEN -62167219200 AND 253402207200)
) STRICT;

CREATE UNIQUE INDEX idempotency_keys_unique ON idempotency_keys (principal, endpoint, key);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
