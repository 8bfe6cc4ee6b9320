-- Selects audit entries with the state of their subjects, in order: the hash of the subject's previous entry, 1 if the
-- subject exists (or, for a webhook, was removed by an entry, or, for a delivery or notification, if its id was in
-- use), and a ticket's owner, service, issue and group. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT
    entry.id, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at, request_id, entry.status, entry.level,
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
    tickets.customer_id, tickets.service, tickets.issue,
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM ticket_members
        WHERE subject_kind = 'ticket' AND ticket_id = subject_id
        ORDER BY position))
FROM audit AS entry
LEFT JOIN tickets ON subject_kind = 'ticket' AND tickets.id = subject_id
WHERE entry.id > ?1
ORDER BY entry.id
LIMIT ?2;
