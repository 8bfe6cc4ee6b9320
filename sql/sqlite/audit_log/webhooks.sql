-- Selects webhooks with their audit entries, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT webhooks.id, created_at, created_by, added.at, added.actor_name, old_secret_until,
    (SELECT at FROM audit
        WHERE subject_kind = 'webhook' AND subject_id = webhooks.id AND action = 'webhook.secret_rotated'
        ORDER BY id DESC
        LIMIT 1),
    EXISTS (SELECT 1 FROM audit
        WHERE subject_kind = 'webhook' AND subject_id = webhooks.id AND action = 'webhook.removed')
FROM webhooks
LEFT JOIN audit AS added ON added.id = (
    SELECT min(id) FROM audit
    WHERE subject_kind = 'webhook' AND subject_id = webhooks.id AND action = 'webhook.added')
WHERE webhooks.id > ?1
ORDER BY webhooks.id
LIMIT ?2;
