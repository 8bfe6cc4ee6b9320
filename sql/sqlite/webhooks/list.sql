-- Selects webhooks, newest first. Params: 1 exclusive upper bound of the id, 2 limit.
SELECT
    id, url, private, events, headers, tag, secret, old_secret, old_secret_until, created_at, created_by, disabled_at
FROM webhooks
WHERE id < ?1
ORDER BY id DESC
LIMIT ?2;
