-- Selects the head of the audit log and the id of the next entry, which is greater than that of any row.
SELECT entries, hash, 1 + max(entries, coalesce((SELECT max(id) FROM audit), 0))
FROM audit_head
WHERE id = 1;
