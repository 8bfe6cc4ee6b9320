-- Merges segments of the index of words, where eight of one size wait for it. Params: 1 how many pages to write at most.
INSERT INTO ticket_words (ticket_words, rank) VALUES ('merge', ?1);
