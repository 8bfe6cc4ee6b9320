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

-- A ticket's stretch is how long after its opening it last moved, in nine classes. Of those opened until some instant,
-- the ones of a class moved at most so much later: a list of old tickets by their moves is a merge of nine short walks.
-- The id stands before what a walk only looks at, so that ties are in order.
CREATE INDEX tickets_moved ON tickets (
    CASE WHEN updated_at = created_at THEN 0 WHEN updated_at - created_at < 3600 THEN 1
         WHEN updated_at - created_at < 14400 THEN 2 WHEN updated_at - created_at < 57600 THEN 3
         WHEN updated_at - created_at < 230400 THEN 4 WHEN updated_at - created_at < 921600 THEN 5
         WHEN updated_at - created_at < 3686400 THEN 6 WHEN updated_at - created_at < 14745600 THEN 7 ELSE 8 END,
    updated_at, id, created_at,
    ((CASE status WHEN 'OPEN' THEN 0 WHEN 'ESCALATED' THEN 1 ELSE 2 END * 3 + level - 1) * 5
    + CASE service WHEN 'ride' THEN 0 WHEN 'order' THEN 1 WHEN 'booking' THEN 2 WHEN 'event_service' THEN 3 ELSE 4 END) * 6
    + CASE issue WHEN 'PAYMENT_ISSUE' THEN 0 WHEN 'SERVICE_QUALITY' THEN 1 WHEN 'CANCELLATION' THEN 2
                 WHEN 'DELIVERY_ISSUE' THEN 3 WHEN 'BOOKING_ISSUE' THEN 4 ELSE 5 END
);

-- The grams of descriptions, by ticket, with marks of what never changes of one: its service, issue and customer. Nothing
-- of a description is kept twice.
CREATE VIRTUAL TABLE ticket_words USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- The tickets up to this one are in there; those after it, few at any time, are looked at one by one. None in there was
-- opened after the latest, and beyond the mixed ones each was opened no earlier than all before it.
CREATE TABLE ticket_words_end (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    ticket_id INTEGER NOT NULL CHECK (ticket_id >= 0),
    mixed     INTEGER NOT NULL CHECK (mixed >= 0),
    latest    INTEGER NOT NULL CHECK (latest BETWEEN -62167219200 AND 253402207200)
) STRICT;

INSERT INTO ticket_words (rowid, grams)
SELECT id, grams(description, service, issue, customer_id) FROM tickets ORDER BY id;
INSERT INTO ticket_words_end (id, ticket_id, mixed, latest)
SELECT 1, coalesce(max(id), 0), coalesce(max(iif(created_at < seen, id, NULL)), 0), coalesce(max(created_at), -62167219200)
FROM (SELECT id, created_at, max(created_at) OVER (ORDER BY id) AS seen FROM tickets);

-- The index's segments are merged by the program, a little with each batch: left to itself the index does it rarely, and
-- all at once.
INSERT INTO ticket_words (ticket_words, rank) VALUES ('automerge', 0);
INSERT INTO ticket_words (ticket_words, rank) VALUES ('usermerge', 8);
