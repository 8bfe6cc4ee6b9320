-- Customers.

CREATE TABLE customers (
    id             INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    name           TEXT    NOT NULL CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 2000),
    locale         TEXT    NOT NULL CHECK (length(CAST(locale AS BLOB)) >= 2 AND locale NOT GLOB '*[^A-Za-z0-9-]*'),
    rewards_active INTEGER NOT NULL CHECK (rewards_active IN (0, 1)),
    email          TEXT    CHECK (
                       length(CAST(email AS BLOB)) BETWEEN 3 AND 254 AND email GLOB '?*@?*' AND email NOT GLOB '*[^!-~]*')
) STRICT;
