-- Moves a webhook's place in the outbox. Params: 1 webhook, 2 the last event it has looked at.
UPDATE webhooks SET position = ?2 WHERE id = ?1;
