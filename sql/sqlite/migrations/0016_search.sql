-- Search index of descriptions.

-- Grams of descriptions by ticket; contentless, so that descriptions are not stored twice.
CREATE VIRTUAL TABLE ticket_grams USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- Last ticket in the index. Later tickets are few, and a search reads their descriptions.
CREATE TABLE ticket_grams_position (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    ticket_id INTEGER NOT NULL CHECK (ticket_id >= 0)
) STRICT;

INSERT INTO ticket_grams_position (id, ticket_id) VALUES (1, 0);

-- The program merges the index's segments, a few pages with each batch. FTS5's automatic merge would do more at once.
INSERT INTO ticket_grams (ticket_grams, rank) VALUES ('automerge', 0);
INSERT INTO ticket_grams (ticket_grams, rank) VALUES ('usermerge', 8);
