-- Gives a webhook a new secret beside the one it had. Params: 1 id, 2 secret, 3 until when the one before is good.
UPDATE webhooks SET old_secret = secret, old_secret_until = ?3, secret = ?2 WHERE id = ?1;
