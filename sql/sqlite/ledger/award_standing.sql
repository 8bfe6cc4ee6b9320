-- Selects the state that an award depends on: rewards active, and 1 if the ticket has an award for this operation
-- already. Params: 1 customer, 2 ticket, 3 operation.
SELECT rewards_active, EXISTS (SELECT 1 FROM ledger WHERE ticket_id = ?2 AND operation = ?3)
FROM customers
WHERE id = ?1;
