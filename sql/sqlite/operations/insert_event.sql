-- Puts an event into the outbox. Params: 1 audit, 2 name, 3 ticket, 4 at, 5 data as JSON.
INSERT INTO outbox (audit_id, name, ticket_id, at, data) VALUES (?1, ?2, ?3, ?4, ?5);
