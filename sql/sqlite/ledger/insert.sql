-- Inserts a ledger row. Params: 1 audit entry, 2 customer, 3 action, 4 points, 5 cents, 6 ticket, 7 operation, 8
-- reason, 9 actor's kind, 10 actor's id, 11 actor's name, 12 key, 13 time.
INSERT INTO ledger (
    audit_id, customer_id, action, points, cents, ticket_id, operation, reason,
    actor_kind, actor_id, actor_name, key, at
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);
