-- Moves a webhook's position in the outbox. Params: 1 webhook, 2 expected position, 3 new position.
UPDATE webhooks SET position = ?3 WHERE id = ?1 AND position = ?2;
