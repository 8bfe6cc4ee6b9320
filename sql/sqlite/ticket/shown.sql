-- One ticket with its members and what it refers to. Params: 1 id.
SELECT * FROM shown_tickets WHERE id = ?1;
