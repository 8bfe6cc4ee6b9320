-- What agents look for: tickets by any filter in the order of each list, and the words of descriptions.

-- A ticket's cell is one of the 270 that its status, level, service and issue can make: each list is a merge of the
-- walks along the cells that pass its filter. An index on the expression itself covers such a walk, which one on a
-- virtual column does not.
DROP INDEX tickets_by_level;
DROP INDEX tickets_by_status;
CREATE INDEX tickets_of_cell ON tickets (
    ((CASE status WHEN 'OPEN' THEN 0 WHEN 'ESCALATED' THEN 1 ELSE 2 END * 3 + level - 1) * 5
    + CASE service WHEN 'ride' THEN 0 WHEN 'order' THEN 1 WHEN 'booking' THEN 2 WHEN 'event_service' THEN 3 ELSE 4 END) * 6
    + CASE issue WHEN 'PAYMENT_ISSUE' THEN 0 WHEN 'SERVICE_QUALITY' THEN 1 WHEN 'CANCELLATION' THEN 2
                 WHEN 'DELIVERY_ISSUE' THEN 3 WHEN 'BOOKING_ISSUE' THEN 4 ELSE 5 END,
    created_at
);
CREATE INDEX tickets_of_cell_updated ON tickets (
    ((CASE status WHEN 'OPEN' THEN 0 WHEN 'ESCALATED' THEN 1 ELSE 2 END * 3 + level - 1) * 5
    + CASE service WHEN 'ride' THEN 0 WHEN 'order' THEN 1 WHEN 'booking' THEN 2 WHEN 'event_service' THEN 3 ELSE 4 END) * 6
    + CASE issue WHEN 'PAYMENT_ISSUE' THEN 0 WHEN 'SERVICE_QUALITY' THEN 1 WHEN 'CANCELLATION' THEN 2
                 WHEN 'DELIVERY_ISSUE' THEN 3 WHEN 'BOOKING_ISSUE' THEN 4 ELSE 5 END,
    updated_at
);

-- The grams of descriptions, by ticket: nothing of a description is kept twice, and none ever changes.
CREATE VIRTUAL TABLE ticket_words USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- The tickets up to this one are in there; those after it, few at any time, are looked at one by one.
CREATE TABLE ticket_words_end (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    ticket_id INTEGER NOT NULL CHECK (ticket_id >= 0)
) STRICT;

INSERT INTO ticket_words (rowid, grams)
SELECT id, grams(description, service, issue) FROM tickets ORDER BY id;
INSERT INTO ticket_words_end (id, ticket_id) SELECT 1, coalesce(max(id), 0) FROM tickets;
