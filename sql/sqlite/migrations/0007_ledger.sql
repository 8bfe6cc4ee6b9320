-- Ledger: points, and credit in whole cents.

CREATE TABLE ledger (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    audit_id    INTEGER NOT NULL REFERENCES audit (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    action      TEXT    NOT NULL CHECK (length(action) BETWEEN 1 AND 64 AND action NOT GLOB '*[^a-z_]*'),
    points      INTEGER NOT NULL CHECK (points BETWEEN 0 AND 1000000),
    cents       INTEGER NOT NULL CHECK (cents BETWEEN 0 AND 1000000),
    ticket_id   INTEGER REFERENCES tickets (id),
    operation   TEXT    CHECK (length(operation) BETWEEN 1 AND 32 AND operation NOT GLOB '*[^a-z_]*'),
    reason      TEXT    CHECK (length(reason) BETWEEN 1 AND 500),
    actor_kind  TEXT    NOT NULL CHECK (length(actor_kind) BETWEEN 1 AND 32 AND actor_kind NOT GLOB '*[^a-z_]*'),
    actor_id    INTEGER CHECK (actor_id > 0),
    actor_name  TEXT    CHECK (length(actor_name) BETWEEN 1 AND 100),
    key         TEXT    CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 255),
    at          INTEGER NOT NULL CHECK (at BETWEEN -62167219200 AND 253402207200),
    CONSTRAINT it_is_worth_something CHECK (points > 0 OR cents > 0),
    CONSTRAINT an_occasion_is_whole CHECK ((ticket_id IS NULL) = (operation IS NULL)),
    CONSTRAINT the_actor_is_one CHECK (actor_id IS NULL OR actor_name IS NULL)
) STRICT;

-- One award for each ticket and operation; one grant for each customer and key.
CREATE UNIQUE INDEX ledger_earns_once ON ledger (ticket_id, operation) WHERE ticket_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_grants_once ON ledger (customer_id, key) WHERE key IS NOT NULL;
-- Covers a customer's rows in order and their sum.
CREATE INDEX ledger_of_customer ON ledger (customer_id, id, points, cents);
-- Covers the awards of a customer in a period; grants have no ticket.
CREATE INDEX ledger_awards ON ledger (customer_id, at, ticket_id) WHERE ticket_id IS NOT NULL;

CREATE TRIGGER ledger_is_never_rewritten BEFORE UPDATE ON ledger
BEGIN
    SELECT raise(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
BEGIN
    SELECT raise(ABORT, 'the ledger is append-only');
END;
