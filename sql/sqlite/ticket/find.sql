-- One ticket with its members. Params: 1 id.
SELECT
    id, version, customer_id, service, issue, description, ride_id, order_id, booking_id, status, level,
    created_at, updated_at,
    (SELECT json_group_array(customer_id ORDER BY position) FROM ticket_members WHERE ticket_id = ?1)
FROM tickets
WHERE id = ?1;
