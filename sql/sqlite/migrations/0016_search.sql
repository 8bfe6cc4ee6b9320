-- The words of descriptions.

-- The grams of descriptions, by ticket. Nothing of a description is kept twice.
CREATE VIRTUAL TABLE ticket_grams USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- The tickets up to this one are in there; those after it, few at any time, are looked at one by one.
CREATE TABLE ticket_grams_position (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    ticket_id INTEGER NOT NULL CHECK (ticket_id >= 0)
) STRICT;

INSERT INTO ticket_grams_position (id, ticket_id) VALUES (1, 0);

-- The index's segments are merged by the program, a little with each batch: left to itself the index does it rarely, and
-- all at once.
INSERT INTO ticket_grams (ticket_grams, rank) VALUES ('automerge', 0);
INSERT INTO ticket_grams (ticket_grams, rank) VALUES ('usermerge', 8);
