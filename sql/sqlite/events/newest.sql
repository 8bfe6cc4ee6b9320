-- Selects the last id in use in the outbox, including purged events.
SELECT seq FROM sqlite_sequence WHERE name = 'outbox';
