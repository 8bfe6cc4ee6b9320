-- Inserts a customer. Params: 1 id, 2 name, 3 locale, 4 rewards active, 5 email.
INSERT INTO customers (id, name, locale, rewards_active, email) VALUES (?1, ?2, ?3, ?4, ?5);
