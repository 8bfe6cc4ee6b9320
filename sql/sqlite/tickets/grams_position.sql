-- Selects the id of the last ticket in the search index.
SELECT ticket_id FROM ticket_grams_position WHERE id = 1;
