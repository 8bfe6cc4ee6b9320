-- Notes that a ticket came among those that are in the index of words. Params: 1 when it was opened.
UPDATE ticket_words_end SET mixed = ticket_id, latest = max(latest, ?1) WHERE id = 1;
