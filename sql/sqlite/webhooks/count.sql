-- How many webhooks there are.
SELECT count(*) FROM webhooks;
