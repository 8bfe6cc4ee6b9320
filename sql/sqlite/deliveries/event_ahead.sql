-- A webhook's place in the outbox, and the last of the next few events behind it. Params: 1 webhook, 2 at most so many.
SELECT position, (
    SELECT max(id) FROM (SELECT id FROM outbox WHERE id > position ORDER BY id LIMIT ?2)
)
FROM webhooks
WHERE id = ?1;
