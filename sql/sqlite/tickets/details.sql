-- One ticket with its members and what it refers to. Params: 1 id.
SELECT * FROM ticket_details WHERE id = ?1;
