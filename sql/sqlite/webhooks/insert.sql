-- Writes a webhook that gets what happens from now on. Params: 1 url, 2 private, 3 events as a JSON array, 4 headers as JSON,
-- 5 tag, 6 secret, 7 created at, 8 created by.
INSERT INTO webhooks (url, private, events, headers, tag, secret, created_at, created_by, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce((SELECT max(id) FROM outbox), 0));
