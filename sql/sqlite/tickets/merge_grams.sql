-- Merges segments of the index of words, where eight of one size wait for it. Params: 1 how many pages to write at most.
INSERT INTO ticket_grams (ticket_grams, rank) VALUES ('merge', ?1);
