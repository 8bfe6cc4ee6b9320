-- Deletes a webhook that has no deliveries. Params: 1 id.
DELETE FROM webhooks WHERE id = ?1;
