-- Counts webhooks.
SELECT count(*) FROM webhooks;
