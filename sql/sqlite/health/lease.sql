-- Selects the lease on the webhook channel.
SELECT holder, since, seen_at FROM leases WHERE channel = 'webhooks';
