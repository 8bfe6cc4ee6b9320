-- Up to which ticket the index of words goes.
SELECT ticket_id FROM ticket_words_end WHERE id = 1;
