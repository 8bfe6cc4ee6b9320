-- Where the log ends, and the next entry's number: one that no entry has, whatever was done to the store.
SELECT entries, hash, 1 + max(entries, coalesce((SELECT max(id) FROM audit), 0))
FROM audit_head
WHERE id = 1;
