-- Selects rows that refer, without a foreign key, to a row that does not exist: audience rows of events that are neither
-- in the outbox nor purged, and members whose copy of the ticket's time differs. Params: 1 maximum number of rows.
SELECT 'event_audience', event_id, 'outbox'
FROM event_audience
WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.id = event_id)
UNION ALL
SELECT 'ticket_members', ticket_id, 'tickets'
FROM ticket_members
WHERE NOT EXISTS (
    SELECT 1 FROM tickets WHERE tickets.id = ticket_id AND tickets.created_at = ticket_members.created_at)
LIMIT ?1;
