-- Mail's place among the notifications, and the last of the next few behind it. No row while mail is off. Params: 1 at most
-- so many.
SELECT position, (
    SELECT max(id) FROM (SELECT id FROM notifications WHERE id > position ORDER BY id LIMIT ?1)
)
FROM mailing
WHERE id = 1 AND position IS NOT NULL;
