-- Rides, orders and bookings that tickets refer to, with their participants.

CREATE TABLE rides (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    pickup      TEXT    NOT NULL CHECK (length(CAST(pickup AS BLOB)) BETWEEN 1 AND 2000),
    dropoff     TEXT    NOT NULL CHECK (length(CAST(dropoff AS BLOB)) BETWEEN 1 AND 2000)
) STRICT;

CREATE TABLE ride_participants (
    ride_id     INTEGER NOT NULL REFERENCES rides (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    PRIMARY KEY (ride_id, customer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    merchant    TEXT    NOT NULL CHECK (length(CAST(merchant AS BLOB)) BETWEEN 1 AND 2000),
    amount      TEXT    NOT NULL CHECK (amount GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.]*'),
    currency    TEXT    NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]')
) STRICT;

CREATE TABLE order_participants (
    order_id    INTEGER NOT NULL REFERENCES orders (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    PRIMARY KEY (order_id, customer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE bookings (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    venue       TEXT    NOT NULL CHECK (length(CAST(venue AS BLOB)) BETWEEN 1 AND 2000),
    starts_at   INTEGER NOT NULL CHECK (starts_at BETWEEN -62167219200 AND 253402207200),
    party_size  INTEGER NOT NULL CHECK (party_size BETWEEN 1 AND 4294967295)
) STRICT;

CREATE TABLE booking_participants (
    booking_id  INTEGER NOT NULL REFERENCES bookings (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    PRIMARY KEY (booking_id, customer_id)
) STRICT, WITHOUT ROWID;
