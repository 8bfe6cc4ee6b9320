-- Selects one ticket with its group members. Params: 1 id.
SELECT
    id, version, customer_id, service, issue, description, ride_id, order_id, booking_id, status, level,
    created_at, updated_at,
    (SELECT json_group_array(customer_id) FROM (
        SELECT customer_id FROM ticket_members WHERE ticket_id = ?1 ORDER BY position))
FROM tickets
WHERE id = ?1;
