-- The last of the next few events of the outbox that a webhook has not looked at. Params: 1 webhook, 2 at most so many.
SELECT max(id)
FROM (
    SELECT id FROM outbox
    WHERE id > (SELECT position FROM webhooks WHERE id = ?1)
    ORDER BY id
    LIMIT ?2
);
