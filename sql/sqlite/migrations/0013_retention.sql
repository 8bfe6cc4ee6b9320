-- Ids up to which events and notifications are purged, and triggers that prevent any other deletion.

CREATE TABLE retention_marks (
    what     TEXT    NOT NULL PRIMARY KEY CHECK (length(what) BETWEEN 1 AND 32 AND what NOT GLOB '*[^a-z_]*'),
    -- Last purged id, and the audit entry of its operation.
    through  INTEGER NOT NULL CHECK (through >= 0),
    audit_id INTEGER NOT NULL CHECK (audit_id >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO retention_marks (what, through, audit_id) VALUES ('events', 0, 0), ('notifications', 0, 0);

CREATE TRIGGER retention_marks_only_grow BEFORE UPDATE ON retention_marks
WHEN new.what <> old.what OR new.through <= old.through OR new.audit_id < old.audit_id
BEGIN
    SELECT raise(ABORT, 'a retention mark is only moved forward');
END;

CREATE TRIGGER retention_marks_are_kept BEFORE DELETE ON retention_marks
BEGIN
    SELECT raise(ABORT, 'a retention mark is only moved forward');
END;

CREATE TRIGGER events_go_oldest_first BEFORE DELETE ON outbox
WHEN old.id > (SELECT through FROM retention_marks WHERE what = 'events')
BEGIN
    SELECT raise(ABORT, 'an event is deleted only up to the retention mark');
END;

CREATE TRIGGER notifications_go_oldest_first BEFORE DELETE ON notifications
WHEN old.id > (SELECT through FROM retention_marks WHERE what = 'notifications')
BEGIN
    SELECT raise(ABORT, 'a notification is deleted only up to the retention mark');
END;
