-- The mails that failed, for whoever looks into them.

CREATE INDEX mails_failed ON mails (id) WHERE state = 'dead' OR (state = 'waiting' AND attempts > 0);
