-- Outbox of events, and the audience of each.

CREATE TABLE outbox (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    audit_id  INTEGER NOT NULL REFERENCES audit (id),
    name      TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^a-z_:]*'),
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    at        INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    data      TEXT    NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE INDEX outbox_of_operation ON outbox (audit_id);

-- The primary key makes a customer's events after an id one index scan. There is no foreign key to the outbox: rows are
-- only read in a join with it.
CREATE TABLE event_audience (
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    event_id    INTEGER NOT NULL CHECK (event_id > 0),
    PRIMARY KEY (customer_id, event_id)
) STRICT, WITHOUT ROWID;
