-- Moves a webhook's place in the outbox. Params: 1 webhook, 2 from here, 3 the last event it has looked at.
UPDATE webhooks SET position = ?3 WHERE id = ?1 AND position = ?2;
