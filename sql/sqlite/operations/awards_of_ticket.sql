-- Selects a ticket's awards. Params: 1 ticket.
SELECT audit_id, at, customer_id, action, points, cents
FROM ledger
WHERE ticket_id = ?1;
