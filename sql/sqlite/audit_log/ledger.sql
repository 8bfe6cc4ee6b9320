-- Selects ledger rows, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT id, audit_id, customer_id, action, points, cents, ticket_id, operation, reason,
    actor_kind, actor_id, actor_name, key, at
FROM ledger
WHERE id > ?1
ORDER BY id
LIMIT ?2;
