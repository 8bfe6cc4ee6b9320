-- Places of tickets in one cell, the latest moved first.
-- Params: 1 not before this time, 2 before this time, 3 and this id, 4 limit, 5 cell.
SELECT updated_at, id FROM tickets
WHERE ((CASE status WHEN 'OPEN' THEN 0 WHEN 'ESCALATED' THEN 1 ELSE 2 END * 3 + level - 1) * 5
    + CASE service WHEN 'ride' THEN 0 WHEN 'order' THEN 1 WHEN 'booking' THEN 2 WHEN 'event_service' THEN 3 ELSE 4 END) * 6
    + CASE issue WHEN 'PAYMENT_ISSUE' THEN 0 WHEN 'SERVICE_QUALITY' THEN 1 WHEN 'CANCELLATION' THEN 2
                 WHEN 'DELIVERY_ISSUE' THEN 3 WHEN 'BOOKING_ISSUE' THEN 4 ELSE 5 END = ?5
    AND updated_at >= ?1 AND (updated_at, id) < (?2, ?3)
ORDER BY updated_at DESC, id DESC
LIMIT ?4;
