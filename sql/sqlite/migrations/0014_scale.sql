-- What keeps lists quick in a large store: by the latest move in any span of openings, and words in one customer's
-- tickets or in a span of time.

-- A ticket's stretch is how long after its opening it last moved, in nine classes. Of those opened until some instant,
-- the ones of a class moved at most so much later: a list of old tickets by their moves is a merge of nine short walks.
-- The id stands before what a walk only looks at, so that ties are in order.
DROP INDEX tickets_updated;
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

-- The grams of descriptions, with marks of what never changes of a ticket: its service, issue and customer.
DROP TABLE ticket_words;
CREATE VIRTUAL TABLE ticket_words USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- How the tickets up to the end of the index stand in time: none of them was opened after the latest, and beyond the
-- mixed ones each was opened no earlier than all before it.
ALTER TABLE ticket_words_end ADD COLUMN mixed INTEGER NOT NULL DEFAULT 0 CHECK (mixed >= 0);
ALTER TABLE ticket_words_end ADD COLUMN latest INTEGER NOT NULL DEFAULT -62167219200
    CHECK (latest BETWEEN -62167219200 AND 253402207200);

INSERT INTO ticket_words (rowid, grams)
SELECT id, grams(description, service, issue, customer_id) FROM tickets ORDER BY id;
UPDATE ticket_words_end SET
    ticket_id = coalesce((SELECT max(id) FROM tickets), 0),
    mixed = coalesce((
        SELECT max(id) FROM (SELECT id, created_at, max(created_at) OVER (ORDER BY id) AS seen FROM tickets)
        WHERE created_at < seen), 0),
    latest = coalesce((SELECT max(created_at) FROM tickets), latest);
