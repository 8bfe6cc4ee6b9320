-- Inserts an event into the outbox. Params: 1 audit entry, 2 name, 3 ticket, 4 time, 5 data as JSON.
INSERT INTO outbox (audit_id, name, ticket_id, at, data) VALUES (?1, ?2, ?3, ?4, ?5);
