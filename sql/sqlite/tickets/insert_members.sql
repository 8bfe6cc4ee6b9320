-- Inserts a ticket's group members, in order. Params: 1 ticket, 2 creation time of the ticket, 3 customers as a JSON
-- array.
INSERT INTO ticket_members (ticket_id, position, customer_id, created_at)
SELECT ?1, key, value, ?2 FROM json_each(?3);
