-- The orders in which tickets are listed. Each index begins with an order and goes on with what a list may filter by, so that
-- a walk along it needs no ticket but those that pass. Ties, which ids break, are sorted as they come. The order of levels is
-- one walk a level.

CREATE INDEX tickets_newest ON tickets (created_at, status, level, service, issue);
CREATE INDEX tickets_updated ON tickets (updated_at, status, level, service, issue);
-- Tickets that are not done are few at any time, and asked for most.
CREATE INDEX tickets_undone ON tickets (created_at, status, level, service, issue) WHERE status <> 'CLOSED';
CREATE INDEX tickets_of_customer ON tickets (customer_id, created_at);
