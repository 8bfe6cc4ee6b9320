-- Inserts a notification. Params: 1 audit entry, 2 customer, 3 notice, 4 ticket, 5 level, 6 time.
INSERT INTO notifications (audit_id, customer_id, notice, ticket_id, level, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
