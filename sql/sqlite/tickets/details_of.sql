-- Some tickets with their members and what they refer to, in no order. Params: 1 tickets as a JSON array.
SELECT shown.*
FROM json_each(?1) AS page CROSS JOIN ticket_details AS shown ON shown.id = page.value;
