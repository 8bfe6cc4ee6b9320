-- Selects the state that an award depends on: rewards active, 1 if the ticket has an award for this operation already,
-- and the number of the customer's awards after a time. Params: 1 customer, 2 ticket or null for a new one, 3
-- operation, 4 exclusive lower bound of the time or null for no count.
SELECT
    rewards_active,
    EXISTS (SELECT 1 FROM ledger WHERE ticket_id = ?2 AND operation = ?3),
    (SELECT count(*) FROM ledger WHERE customer_id = ?1 AND ticket_id IS NOT NULL AND at > ?4)
FROM customers
WHERE id = ?1;
