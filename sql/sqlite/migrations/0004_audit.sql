-- Audit log: one entry for each operation, with the hash of the subject's previous entry.

CREATE TABLE audit (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    action       TEXT    NOT NULL CHECK (length(action) BETWEEN 1 AND 64 AND action NOT GLOB '*[^a-z_.]*'),
    subject_kind TEXT    NOT NULL CHECK (length(subject_kind) BETWEEN 1 AND 32 AND subject_kind NOT GLOB '*[^a-z_]*'),
    subject_id   INTEGER NOT NULL CHECK (subject_id > 0),
    actor_kind   TEXT    NOT NULL CHECK (length(actor_kind) BETWEEN 1 AND 32 AND actor_kind NOT GLOB '*[^a-z_]*'),
    actor_id     INTEGER CHECK (actor_id > 0),
    actor_name   TEXT    CHECK (length(actor_name) BETWEEN 1 AND 100),
    at           INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    request_id   TEXT    CHECK (length(CAST(request_id AS BLOB)) BETWEEN 1 AND 128),
    status       TEXT    CHECK (length(status) BETWEEN 1 AND 32 AND status NOT GLOB '*[^A-Z_]*'),
    level        INTEGER CHECK (level BETWEEN 1 AND 3),
    points       INTEGER CHECK (points BETWEEN 0 AND 1000000),
    cents        INTEGER CHECK (cents BETWEEN 0 AND 1000000),
    reason       TEXT    CHECK (length(reason) BETWEEN 1 AND 500),
    previous     BLOB    CHECK (length(previous) = 32),
    hash         BLOB    NOT NULL CHECK (length(hash) = 32),
    CONSTRAINT the_actor_is_one CHECK (actor_id IS NULL OR actor_name IS NULL),
    CONSTRAINT a_state_is_whole CHECK ((status IS NULL) = (level IS NULL)),
    CONSTRAINT a_grant_is_whole CHECK ((points IS NULL) = (cents IS NULL))
) STRICT;

CREATE INDEX audit_of_subject ON audit (subject_kind, subject_id);

CREATE TRIGGER audit_is_never_rewritten BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

-- Head of the audit log: the number of entries and a hash over all their hashes.
CREATE TABLE audit_head (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    entries INTEGER NOT NULL CHECK (entries >= 0),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    -- Random tags of the last commit and of the one before it: a write-ahead log belongs to this database if it
    -- contains the tag of the database.
    tag     BLOB    NOT NULL DEFAULT (randomblob(16)) CHECK (length(tag) = 16),
    before  BLOB    NOT NULL DEFAULT (randomblob(16)) CHECK (length(before) = 16)
) STRICT;

INSERT INTO audit_head (id, entries, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_head_only_grows BEFORE UPDATE OF id, entries, hash ON audit_head
WHEN new.entries <= old.entries
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
