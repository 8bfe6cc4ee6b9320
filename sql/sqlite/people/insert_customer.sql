-- Writes a customer. Params: 1 id, 2 name, 3 locale, 4 rewards active.
INSERT INTO customers (id, name, locale, rewards_active) VALUES (?1, ?2, ?3, ?4);
