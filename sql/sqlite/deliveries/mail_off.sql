-- Switches mail off: what comes from now on is not queued.
UPDATE mailing SET position = NULL WHERE id = 1;
