-- Sums a customer's points and cents. An overflow is an error. Params: 1 customer.
SELECT coalesce(sum(points), 0), coalesce(sum(cents), 0) FROM ledger WHERE customer_id = ?1;
