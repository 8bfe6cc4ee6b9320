-- Counts tickets by status, events, audience rows, retried and dead deliveries, unread notifications and valid tokens
-- that expire soon, and selects the oldest ticket that is not closed. Params: 1 now, 2 upper bound of the expiry, 3
-- minimum lifetime of a counted token in seconds.
SELECT
    (SELECT count(*) FROM tickets WHERE status <> 'CLOSED' AND status = 'OPEN'),
    (SELECT count(*) FROM tickets WHERE status <> 'CLOSED' AND status = 'ESCALATED'),
    (SELECT count(*) FROM tickets WHERE status = 'CLOSED'),
    oldest.id, oldest.created_at,
    (SELECT count(*) FROM outbox INDEXED BY outbox_of_operation WHERE audit_id > 0),
    (SELECT count(*) FROM event_audience WHERE customer_id > 0),
    (SELECT count(*) FROM deliveries INDEXED BY deliveries_failed
        WHERE (state = 'dead' OR (state = 'waiting' AND attempts > 0)) AND state = 'waiting' AND id > 0),
    (SELECT count(*) FROM deliveries INDEXED BY deliveries_failed
        WHERE (state = 'dead' OR (state = 'waiting' AND attempts > 0)) AND state = 'dead' AND id > 0),
    (SELECT count(*) FROM notifications INDEXED BY notifications_unread
        WHERE read_at IS NULL AND customer_id > 0),
    (SELECT count(*) FROM tokens
        WHERE id > 0 AND revoked_at IS NULL AND expires_at > ?1 AND expires_at <= ?2
            AND expires_at - created_at > ?3)
FROM (SELECT 1) AS page
LEFT JOIN tickets AS oldest ON oldest.id = (
    SELECT id FROM tickets WHERE status <> 'CLOSED' ORDER BY created_at, id LIMIT 1);
