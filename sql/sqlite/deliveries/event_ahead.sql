-- Selects a webhook's position in the outbox and the highest id of the next `limit` events. Params: 1 webhook, 2 limit.
SELECT position, (
    SELECT max(id) FROM (SELECT id FROM outbox WHERE id > position ORDER BY id LIMIT ?2)
)
FROM webhooks
WHERE id = ?1;
