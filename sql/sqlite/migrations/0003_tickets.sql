-- Tickets and their groups. Times are seconds since 1970 in UTC, between the years 0 and 9999.
--
-- Statuses, services, issues, actions and events are enums of the program. A table checks the shape of such a word, not
-- its membership, so that a new member needs no table rebuild.

CREATE TABLE tickets (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    version     INTEGER NOT NULL CHECK (version > 0),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    service     TEXT    NOT NULL CHECK (length(service) BETWEEN 1 AND 32 AND service NOT GLOB '*[^a-z_]*'),
    issue       TEXT    NOT NULL CHECK (length(issue) BETWEEN 1 AND 32 AND issue NOT GLOB '*[^A-Z_]*'),
    description TEXT    NOT NULL CHECK (length(description) BETWEEN 1 AND 5000),
    ride_id     INTEGER REFERENCES rides (id),
    order_id    INTEGER REFERENCES orders (id),
    booking_id  INTEGER REFERENCES bookings (id),
    status      TEXT    NOT NULL CHECK (length(status) BETWEEN 1 AND 32 AND status NOT GLOB '*[^A-Z_]*'),
    level       INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    created_at  INTEGER NOT NULL CHECK (created_at BETWEEN -62167219200 AND 253402207200),
    updated_at  INTEGER NOT NULL CHECK (updated_at BETWEEN created_at AND 253402207200)
) STRICT;

CREATE TRIGGER tickets_keep_their_birth BEFORE UPDATE OF id, customer_id, created_at ON tickets
WHEN (new.id, new.customer_id, new.created_at) <> (old.id, old.customer_id, old.created_at)
BEGIN
    SELECT raise(ABORT, 'a ticket keeps its id, its owner and the time it was opened');
END;

CREATE TRIGGER tickets_are_kept BEFORE DELETE ON tickets
BEGIN
    SELECT raise(ABORT, 'a ticket is never deleted');
END;

-- `created_at` repeats that of the ticket, so that a member's list is one index scan.
CREATE TABLE ticket_members (
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
    position    INTEGER NOT NULL CHECK (position BETWEEN 0 AND 49),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX tickets_of_member ON ticket_members (customer_id, created_at, ticket_id);

-- Tickets with their group members in order, rides, orders and bookings.
CREATE VIEW ticket_details AS
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
