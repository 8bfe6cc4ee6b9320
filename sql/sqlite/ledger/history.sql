-- Selects a customer's ledger rows, newest first. Params: 1 customer, 2 exclusive upper bound of the id, 3 limit.
SELECT id, action, points, cents, ticket_id, reason, actor_kind, actor_id, actor_name, at
FROM ledger
WHERE customer_id = ?1 AND id < ?2
ORDER BY id DESC
LIMIT ?3;
