-- Disables a webhook. Params: 1 id, 2 time.
UPDATE webhooks SET disabled_at = coalesce(disabled_at, ?2) WHERE id = ?1;
