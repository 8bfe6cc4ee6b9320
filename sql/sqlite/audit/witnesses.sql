-- Entries with what is known of their subjects: the hash of the entry before, whether the subject is there (a webhook may
-- have been removed by an entry; of a delivery or notification, which go when they are old, whether its number was ever
-- given), and a ticket's owner and group. Params: 1 after this id, 2 limit.
SELECT
    id, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at, request_id, status, level,
    points, cents, reason, previous, hash,
    (SELECT earlier.hash FROM audit AS earlier
        WHERE earlier.subject_kind = entry.subject_kind AND earlier.subject_id = entry.subject_id
            AND earlier.id < entry.id
        ORDER BY earlier.id DESC
        LIMIT 1),
    CASE subject_kind
        WHEN 'customer' THEN EXISTS (SELECT 1 FROM customers WHERE id = subject_id)
        WHEN 'token' THEN EXISTS (SELECT 1 FROM tokens WHERE id = subject_id)
        WHEN 'webhook' THEN EXISTS (SELECT 1 FROM webhooks WHERE id = subject_id)
            OR EXISTS (SELECT 1 FROM audit AS last
                WHERE last.subject_kind = 'webhook' AND last.subject_id = entry.subject_id
                    AND last.action = 'webhook.removed')
        WHEN 'delivery' THEN subject_id <= (SELECT seq FROM sqlite_sequence WHERE name = 'deliveries')
        WHEN 'notification' THEN subject_id <= (SELECT seq FROM sqlite_sequence WHERE name = 'notifications')
    END,
    iif(subject_kind = 'ticket', (SELECT customer_id FROM tickets WHERE id = subject_id), NULL),
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM ticket_members
        WHERE subject_kind = 'ticket' AND ticket_id = subject_id
        ORDER BY position))
FROM audit AS entry
WHERE id > ?1
ORDER BY id
LIMIT ?2;
