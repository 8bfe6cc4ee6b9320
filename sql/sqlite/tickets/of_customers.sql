-- Selects the tickets that some customers own or are group members of, unsorted. Params: 1 owners as a JSON array, 2
-- members as a JSON array.
SELECT id FROM tickets WHERE customer_id IN (SELECT value FROM json_each(?1))
UNION
SELECT ticket_id FROM ticket_members WHERE customer_id IN (SELECT value FROM json_each(?2));
