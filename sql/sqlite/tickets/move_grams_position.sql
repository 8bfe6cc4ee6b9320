-- Notes up to which ticket the index of words goes now. Params: 1 ticket.
UPDATE ticket_grams_position SET ticket_id = ?1 WHERE id = 1;
