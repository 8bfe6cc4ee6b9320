-- The orders in which tickets are listed. Each ends in the id by itself, so that a cursor of (time, id) is one place in it.

CREATE INDEX tickets_of_customer ON tickets (customer_id, created_at);
CREATE INDEX tickets_newest ON tickets (created_at);

-- A ticket's cell is one of the 270 that its status, level, service and issue can make: each list is a merge of the
-- walks along the cells that pass its filter. An index on the expression itself covers such a walk, which one on a
-- virtual column does not.
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
