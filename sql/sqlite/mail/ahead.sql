-- The last of the next few notifications that mail has not looked at. Params: 1 at most so many.
SELECT max(id)
FROM (
    SELECT id FROM notifications
    WHERE id > (SELECT position FROM mailing WHERE id = 1)
    ORDER BY id
    LIMIT ?1
);
