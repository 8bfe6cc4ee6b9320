-- Notes up to which ticket the index of words goes now, and how those that came to it stand in time. Params: 1 ticket.
UPDATE ticket_words_end SET
    mixed = coalesce((
        SELECT max(id) FROM (
            SELECT id, created_at, max(created_at) OVER (ORDER BY id) AS seen FROM tickets
            WHERE id > ticket_words_end.ticket_id AND id <= ?1
        )
        WHERE created_at < max(seen, ticket_words_end.latest)), mixed),
    latest = max(latest, coalesce((
        SELECT max(created_at) FROM tickets WHERE tickets.id > ticket_words_end.ticket_id AND tickets.id <= ?1), latest)),
    ticket_id = ?1
WHERE id = 1;
