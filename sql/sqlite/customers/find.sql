-- Selects one customer. Params: 1 id.
SELECT id, name, locale, rewards_active, email FROM customers WHERE id = ?1;
