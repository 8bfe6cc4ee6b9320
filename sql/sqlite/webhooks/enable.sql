-- Lets a disabled webhook get its events again. Params: 1 id.
UPDATE webhooks SET disabled_at = NULL WHERE id = ?1 AND disabled_at IS NOT NULL;
