-- Up to which ticket the index of words goes.
SELECT ticket_id FROM ticket_grams_position WHERE id = 1;
