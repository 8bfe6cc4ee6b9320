-- Turns mail off: later notifications are not queued.
UPDATE mailing SET position = NULL WHERE id = 1;
