-- Replaces a webhook's secret and keeps the old one for a time. Params: 1 id, 2 new secret, 3 expiry of the old secret.
UPDATE webhooks SET old_secret = secret, old_secret_until = ?3, secret = ?2 WHERE id = ?1;
