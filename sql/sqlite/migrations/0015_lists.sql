-- Sort orders of the ticket list. Each index starts with the sort column and continues with the filter columns, so that
-- a scan reads only tickets that match. Ties are sorted by id after the scan. The order by level is one scan a level.

CREATE INDEX tickets_newest ON tickets (created_at, status, level, service, issue);
CREATE INDEX tickets_updated ON tickets (updated_at, status, level, service, issue);
-- Partial index: tickets that are not closed are few and listed most often.
CREATE INDEX tickets_undone ON tickets (created_at, status, level, service, issue) WHERE status <> 'CLOSED';
CREATE INDEX tickets_of_customer ON tickets (customer_id, created_at);
