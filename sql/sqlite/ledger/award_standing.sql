-- What an award depends on: whether the customer's account takes points, and whether the ticket earned for the operation
-- before. Params: 1 customer, 2 ticket, 3 operation.
SELECT rewards_active, EXISTS (SELECT 1 FROM ledger WHERE ticket_id = ?2 AND operation = ?3)
FROM customers
WHERE id = ?1;
