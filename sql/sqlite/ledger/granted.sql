-- Selects a customer's grant by its key. Params: 1 customer, 2 key.
SELECT id, action, points, cents, ticket_id, reason, actor_kind, actor_id, actor_name, at
FROM ledger
WHERE customer_id = ?1 AND key = ?2;
