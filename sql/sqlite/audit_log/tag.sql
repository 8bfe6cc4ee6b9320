-- Selects the tag of the last commit.
SELECT tag FROM audit_head WHERE id = 1;
