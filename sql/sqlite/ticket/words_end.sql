-- Up to which ticket the index of words goes, and up to which of them order of ids may not be order of time.
SELECT ticket_id, mixed FROM ticket_words_end WHERE id = 1;
