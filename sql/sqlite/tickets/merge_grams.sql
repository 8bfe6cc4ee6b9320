-- Merges segments of the search index. Params: 1 maximum number of pages to write.
INSERT INTO ticket_grams (ticket_grams, rank) VALUES ('merge', ?1);
