-- In-app notifications of customers.

CREATE TABLE notifications (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    audit_id    INTEGER NOT NULL REFERENCES audit (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    notice      TEXT    NOT NULL CHECK (length(notice) BETWEEN 1 AND 64 AND notice NOT GLOB '*[^a-z_.]*'),
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
    level       INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    at          INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    read_at     INTEGER CHECK (read_at BETWEEN -62167219200 AND 253402207200)
) STRICT;

CREATE INDEX notifications_of_customer ON notifications (customer_id);
-- A ticket's notifications are found by its operations. Rows are appended to such an index, whereas an index by ticket
-- would write another page for each row.
CREATE INDEX notifications_of_operation ON notifications (audit_id);
CREATE INDEX notifications_unread ON notifications (customer_id, read_at) WHERE read_at IS NULL;

CREATE TRIGGER notifications_stay_read BEFORE UPDATE ON notifications
WHEN old.read_at IS NOT NULL AND new.read_at IS NOT old.read_at
BEGIN
    SELECT raise(ABORT, 'a notification is read once');
END;
