-- What every operation leaves behind: the audit log, notifications, and the outbox of events.

CREATE TABLE audit (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    action       TEXT    NOT NULL CHECK (
                     action = 'ticket.created' OR action = 'ticket.escalated' OR action = 'ticket.closed'
                     OR action = 'points.granted' OR action = 'token.issued' OR action = 'token.revoked'
                     OR action = 'webhook.added' OR action = 'webhook.removed' OR action = 'webhook.secret_rotated'),
    subject_kind TEXT    NOT NULL CHECK (
                     subject_kind = 'ticket' OR subject_kind = 'customer'
                     OR subject_kind = 'token' OR subject_kind = 'webhook'),
    subject_id   INTEGER NOT NULL CHECK (subject_id > 0),
    actor_kind   TEXT    NOT NULL CHECK (actor_kind = 'customer' OR actor_kind = 'agent' OR actor_kind = 'fixtures'),
    actor_id     INTEGER CHECK (actor_id > 0),
    actor_name   TEXT    CHECK (length(actor_name) BETWEEN 1 AND 100),
    at           INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    request_id   TEXT    CHECK (length(CAST(request_id AS BLOB)) BETWEEN 1 AND 128),
    status       TEXT    CHECK (status = 'OPEN' OR status = 'ESCALATED' OR status = 'CLOSED'),
    level        INTEGER CHECK (level BETWEEN 1 AND 3),
    points       INTEGER CHECK (points BETWEEN 0 AND 1000000),
    cents        INTEGER CHECK (cents BETWEEN 0 AND 1000000),
    reason       TEXT    CHECK (length(reason) BETWEEN 1 AND 500),
    previous     BLOB    CHECK (length(previous) = 32),
    hash         BLOB    NOT NULL CHECK (length(hash) = 32),
    CONSTRAINT the_actor_is_one CHECK (
        (actor_id IS NOT NULL) = (actor_kind = 'customer') AND (actor_name IS NOT NULL) = (actor_kind = 'agent')),
    CONSTRAINT the_action_fits_its_subject CHECK (
        subject_kind = CASE action WHEN 'points.granted' THEN 'customer'
                                   WHEN 'token.issued' THEN 'token'
                                   WHEN 'token.revoked' THEN 'token'
                                   WHEN 'webhook.added' THEN 'webhook'
                                   WHEN 'webhook.removed' THEN 'webhook'
                                   WHEN 'webhook.secret_rotated' THEN 'webhook'
                                   ELSE 'ticket' END),
    CONSTRAINT a_state_is_whole CHECK ((status IS NULL) = (level IS NULL)),
    CONSTRAINT a_grant_says_how_much CHECK (
        (points IS NOT NULL) = (action = 'points.granted') AND (cents IS NOT NULL) = (action = 'points.granted'))
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

-- Where the audit log ends: how many entries it has, and a seal over all of theirs.
CREATE TABLE audit_head (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    entries INTEGER NOT NULL CHECK (entries >= 0),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO audit_head (id, entries, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head
WHEN new.entries <= old.entries
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TABLE notifications (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    audit_id    INTEGER NOT NULL REFERENCES audit (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    notice      TEXT    NOT NULL CHECK (
                    notice = 'notification.ticket_created' OR notice = 'notification.ticket_escalated'
                    OR notice = 'notification.ticket_closed'),
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
    level       INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    at          INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    read_at     INTEGER CHECK (read_at BETWEEN -62167219200 AND 253402207200)
) STRICT;

CREATE INDEX notifications_of_customer ON notifications (customer_id);
-- What a ticket's operations left is found by the operations: rows are added at the end of such an index, where one by
-- ticket would write a page of its own for each.
CREATE INDEX notifications_of_operation ON notifications (audit_id);

CREATE TABLE outbox (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    audit_id  INTEGER NOT NULL REFERENCES audit (id),
    name      TEXT    NOT NULL CHECK (
                  name = 'support:ticket_created' OR name = 'support:ticket_escalated' OR name = 'support:ticket_closed'),
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    at        INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    data      TEXT    NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE INDEX outbox_of_operation ON outbox (audit_id);
