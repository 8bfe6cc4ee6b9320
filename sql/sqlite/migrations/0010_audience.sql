-- Whom each event concerns, so that one customer's events after a number are one walk along a key; and an index of
-- what each customer has not read.

-- No reference to the outbox: a row is only ever read through the event that it names.
CREATE TABLE event_audience (
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    event_id    INTEGER NOT NULL CHECK (event_id > 0),
    PRIMARY KEY (customer_id, event_id)
) STRICT, WITHOUT ROWID;

INSERT INTO event_audience (customer_id, event_id)
SELECT tickets.customer_id, outbox.id
FROM outbox JOIN tickets ON tickets.id = outbox.ticket_id
UNION
SELECT ticket_members.customer_id, outbox.id
FROM outbox JOIN ticket_members ON ticket_members.ticket_id = outbox.ticket_id
ORDER BY 1, 2;

CREATE INDEX notifications_unread ON notifications (customer_id, read_at) WHERE read_at IS NULL;

CREATE TRIGGER notifications_stay_read BEFORE UPDATE ON notifications
WHEN old.read_at IS NOT NULL AND new.read_at IS NOT old.read_at
BEGIN
    SELECT raise(ABORT, 'a notification is read once');
END;
