-- Tickets and their groups. Times are seconds since 1970 in UTC, between the years 0 and 9999.
--
-- In a table that takes rows at each operation, a check against a list is written out as comparisons: the engine builds a
-- table of its own of `IN ('OPEN', 'ESCALATED', 'CLOSED')` for each row that is written.

CREATE TABLE tickets (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    version     INTEGER NOT NULL CHECK (version > 0),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    service     TEXT    NOT NULL CHECK (
                    service = 'ride' OR service = 'order' OR service = 'booking' OR service = 'event_service'
                    OR service = 'in_dining_order'),
    issue       TEXT    NOT NULL CHECK (
                    issue = 'PAYMENT_ISSUE' OR issue = 'SERVICE_QUALITY' OR issue = 'CANCELLATION'
                    OR issue = 'DELIVERY_ISSUE' OR issue = 'BOOKING_ISSUE' OR issue = 'OTHER'),
    description TEXT    NOT NULL CHECK (length(description) BETWEEN 1 AND 5000),
    ride_id     INTEGER REFERENCES rides (id),
    order_id    INTEGER REFERENCES orders (id),
    booking_id  INTEGER REFERENCES bookings (id),
    status      TEXT    NOT NULL CHECK (status = 'OPEN' OR status = 'ESCALATED' OR status = 'CLOSED'),
    level       INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    created_at  INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    updated_at  INTEGER NOT NULL CHECK (updated_at BETWEEN created_at AND 253402207200),
    CONSTRAINT the_service_names_its_reference CHECK (CASE service
        WHEN 'ride'    THEN ride_id IS NOT NULL
        WHEN 'booking' THEN booking_id IS NOT NULL
        WHEN 'event_service' THEN coalesce(ride_id, order_id, booking_id) IS NOT NULL
        ELSE order_id IS NOT NULL END)
) STRICT;

-- Each ends in the id by itself, so that a cursor of (time, id) is one place in it.
CREATE INDEX tickets_of_customer ON tickets (customer_id, created_at);
CREATE INDEX tickets_newest ON tickets (created_at);
CREATE INDEX tickets_by_level ON tickets (level, created_at);
CREATE INDEX tickets_by_status ON tickets (status, created_at);

-- One that undid but its own statement would have the engine keep each page as it was before the statement.
CREATE TRIGGER tickets_stay_closed BEFORE UPDATE ON tickets
WHEN old.status = 'CLOSED' AND new.status <> 'CLOSED'
BEGIN
    SELECT raise(ROLLBACK, 'a closed ticket stays closed');
END;

CREATE TRIGGER tickets_keep_their_birth BEFORE UPDATE OF id, customer_id, created_at ON tickets
WHEN (new.id, new.customer_id, new.created_at) <> (old.id, old.customer_id, old.created_at)
BEGIN
    SELECT raise(ABORT, 'a ticket keeps its id, its owner and the time it was opened');
END;

CREATE TRIGGER tickets_are_kept BEFORE DELETE ON tickets
BEGIN
    SELECT raise(ABORT, 'a ticket is never deleted');
END;

-- A ticket's birth stands here again, so that a member's list is one walk along an index.
CREATE TABLE ticket_members (
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
    position    INTEGER NOT NULL CHECK (position BETWEEN 0 AND 49),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX tickets_of_member ON ticket_members (customer_id, created_at, ticket_id);

-- A ticket with its members, in the order they were named, and what it refers to: the columns of a list.
CREATE VIEW shown_tickets AS
SELECT
    tickets.id, tickets.version, tickets.customer_id, tickets.service, tickets.issue, tickets.description,
    tickets.ride_id, tickets.order_id, tickets.booking_id, tickets.status, tickets.level,
    tickets.created_at, tickets.updated_at,
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM ticket_members WHERE ticket_id = tickets.id ORDER BY position)) AS members,
    rides.customer_id AS ride_customer_id, rides.pickup, rides.dropoff,
    orders.customer_id AS order_customer_id, orders.merchant, orders.amount, orders.currency,
    bookings.customer_id AS booking_customer_id, bookings.venue, bookings.starts_at, bookings.party_size
FROM tickets
LEFT JOIN rides ON rides.id = tickets.ride_id
LEFT JOIN orders ON orders.id = tickets.order_id
LEFT JOIN bookings ON bookings.id = tickets.booking_id;
