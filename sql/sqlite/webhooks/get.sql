-- Selects one webhook. Params: 1 id.
SELECT
    id, url, private, events, headers, tag, secret, old_secret, old_secret_until, created_at, created_by, disabled_at
FROM webhooks
WHERE id = ?1;
