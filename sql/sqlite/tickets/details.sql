-- Selects one ticket with its group members, ride, order and booking. Params: 1 id.
SELECT * FROM ticket_details WHERE id = ?1;
