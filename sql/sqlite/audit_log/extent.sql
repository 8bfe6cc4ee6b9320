-- Selects the head of the audit log, the last id in use of each table, the sums of the ledger by its index, and the
-- retention marks.
SELECT
    (SELECT entries FROM audit_head WHERE id = 1), (SELECT hash FROM audit_head WHERE id = 1),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ledger'), 0),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'notifications'), 0),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0),
    coalesce((SELECT max(id) FROM tickets), 0),
    (SELECT coalesce(sum(points), 0) FROM ledger INDEXED BY ledger_of_customer WHERE customer_id > 0),
    (SELECT coalesce(sum(cents), 0) FROM ledger INDEXED BY ledger_of_customer WHERE customer_id > 0),
    coalesce((SELECT through FROM retention_marks WHERE what = 'events'), 0),
    coalesce((SELECT audit_id FROM retention_marks WHERE what = 'events'), 0),
    coalesce((SELECT through FROM retention_marks WHERE what = 'notifications'), 0),
    coalesce((SELECT audit_id FROM retention_marks WHERE what = 'notifications'), 0);
