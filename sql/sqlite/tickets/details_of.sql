-- Selects some tickets with their group members, rides, orders and bookings, unsorted. Params: 1 tickets as a JSON
-- array.
SELECT shown.*
FROM json_each(?1) AS page CROSS JOIN ticket_details AS shown ON shown.id = page.value;
