-- Sets a random tag for the current commit and keeps that of the commit before it.
UPDATE audit_head SET before = tag, tag = randomblob(16) WHERE id = 1;
