-- Selects the position of mail among the notifications and the last of the next notifications after it. No row while
-- mail is off. Params: 1 limit.
SELECT position, (
    SELECT max(id) FROM (SELECT id FROM notifications WHERE id > position ORDER BY id LIMIT ?1)
)
FROM mailing
WHERE id = 1 AND position IS NOT NULL;
