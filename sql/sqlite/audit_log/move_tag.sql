-- Gives a commit a tag of its own, beside that of the commit before it.
UPDATE audit_head SET before = tag, tag = randomblob(16) WHERE id = 1;
