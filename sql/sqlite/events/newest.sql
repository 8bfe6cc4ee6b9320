-- The last number that an event was given, whether or not that event is still there.
SELECT seq FROM sqlite_sequence WHERE name = 'outbox';
