-- Stores the id of the last ticket in the search index. Params: 1 ticket.
UPDATE ticket_grams_position SET ticket_id = ?1 WHERE id = 1;
