-- Deletes the audiences of events in a range. Params: 1 exclusive lower bound of the event id, 2 inclusive upper bound.
DELETE FROM event_audience
WHERE event_id > ?1 AND event_id <= ?2 AND customer_id IN (
    SELECT data ->> 'customerId' FROM outbox WHERE id > ?1 AND id <= ?2
    UNION ALL
    SELECT json_each.value
    FROM outbox CROSS JOIN json_each(outbox.data, '$.groupCustomerIds')
    WHERE outbox.id > ?1 AND outbox.id <= ?2
);
