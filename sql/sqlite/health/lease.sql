-- Which server works deliveries off, since when, and when it showed last that it lives.
SELECT holder, since, seen_at FROM leases WHERE channel = 'webhooks';
