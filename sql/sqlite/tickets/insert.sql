-- Inserts a ticket. Params: 1 id or null for the next, 2 version, 3 customer, 4 service, 5 issue, 6 description, 7
-- ride, 8 order, 9 booking, 10 status, 11 level, 12 creation time, 13 time of update.
INSERT INTO tickets (
    id, version, customer_id, service, issue, description, ride_id, order_id, booking_id, status, level,
    created_at, updated_at
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);
