-- Places of tickets of one stretch, the latest moved first. Params: 1 not before this time, 2 before this time, 3 and this
-- id, 4 limit, 5 stretch, 6 created since or null, 7 created until, 8 cells as a JSON array or null.
SELECT updated_at, id FROM tickets
WHERE CASE WHEN updated_at = created_at THEN 0 WHEN updated_at - created_at < 3600 THEN 1
         WHEN updated_at - created_at < 14400 THEN 2 WHEN updated_at - created_at < 57600 THEN 3
         WHEN updated_at - created_at < 230400 THEN 4 WHEN updated_at - created_at < 921600 THEN 5
         WHEN updated_at - created_at < 3686400 THEN 6 WHEN updated_at - created_at < 14745600 THEN 7 ELSE 8 END = ?5
    AND updated_at >= ?1 AND (updated_at, id) < (?2, ?3)
    AND (?6 IS NULL OR +created_at BETWEEN ?6 AND ?7)
    AND (?8 IS NULL OR ((CASE status WHEN 'OPEN' THEN 0 WHEN 'ESCALATED' THEN 1 ELSE 2 END * 3 + level - 1) * 5
    + CASE service WHEN 'ride' THEN 0 WHEN 'order' THEN 1 WHEN 'booking' THEN 2 WHEN 'event_service' THEN 3 ELSE 4 END) * 6
    + CASE issue WHEN 'PAYMENT_ISSUE' THEN 0 WHEN 'SERVICE_QUALITY' THEN 1 WHEN 'CANCELLATION' THEN 2
                 WHEN 'DELIVERY_ISSUE' THEN 3 WHEN 'BOOKING_ISSUE' THEN 4 ELSE 5 END IN (SELECT value FROM json_each(?8)))
ORDER BY updated_at DESC, id DESC
LIMIT ?4;
