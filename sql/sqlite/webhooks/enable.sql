-- Enables a disabled webhook. Params: 1 id.
UPDATE webhooks SET disabled_at = NULL WHERE id = ?1 AND disabled_at IS NOT NULL;
