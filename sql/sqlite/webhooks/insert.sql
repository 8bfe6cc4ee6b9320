-- Inserts a webhook that receives later events only. Params: 1 URL, 2 private, 3 events as a JSON array, 4 headers as
-- JSON, 5 message id prefix, 6 secret, 7 time, 8 agent.
INSERT INTO webhooks (url, private, events, headers, tag, secret, created_at, created_by, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce((SELECT max(id) FROM outbox), 0));
