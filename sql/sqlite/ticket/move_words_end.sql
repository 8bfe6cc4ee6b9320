-- Notes up to which ticket the index of words goes now. Params: 1 ticket.
UPDATE ticket_words_end SET ticket_id = ?1 WHERE id = 1;
