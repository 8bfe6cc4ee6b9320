//! Outbox: audiences and order of events, and notification of changes.

use std::time::{Duration, Instant};

use support::desk;
use support::model::event::{EventName, PublishedEvent};
use support::view::event_payload;
use tokio::sync::watch;

use crate::world::{World, caller, customer, now, opened_by};

fn events(world: &World, of: i64, after: i64, limit: u32) -> Vec<PublishedEvent> {
    world.store.read_blocking(|unit| unit.events().of_customer(customer(of), after, limit)).unwrap()
}

fn numbers(events: &[PublishedEvent]) -> Vec<i64> {
    events.iter().map(|event| event.sequence).collect()
}

pub(crate) fn an_events_audience_is_owner_and_group(world: &World) {
    opened_by(&world.store, 1, &[3, 2]);
    opened_by(&world.store, 2, &[]);
    let audiences = world.store.read_blocking(|unit| unit.events().audiences(0, 10)).unwrap();
    let concerned: Vec<Vec<_>> = audiences.iter().map(|audience| audience.customers().collect()).collect();
    assert_eq!(concerned, [vec![customer(1), customer(3), customer(2)], vec![customer(2)]]);
    let (first, second) = (audiences[0].sequence, audiences[1].sequence);
    assert!(first < second);
    let read = |after, limit| world.store.read_blocking(|unit| unit.events().audiences(after, limit)).unwrap();
    assert_eq!(read(0, 1), audiences[..1]);
    assert_eq!(read(first, 10), audiences[1..]);
    assert!(read(second, 10).is_empty());
}

pub(crate) fn a_customers_events_are_in_order(world: &World) {
    for (owner, members) in [(1, &[2][..]), (2, &[]), (3, &[1]), (1, &[])] {
        opened_by(&world.store, owner, members);
    }
    assert_eq!(numbers(&events(world, 1, 0, 10)), [1, 3, 4]);
    assert_eq!(numbers(&events(world, 2, 0, 10)), [1, 2]);
    assert_eq!(numbers(&events(world, 3, 0, 10)), [3]);
    assert!(events(world, 4, 0, 10).is_empty());
    assert_eq!(numbers(&events(world, 1, 0, 2)), [1, 3]);
    assert_eq!(numbers(&events(world, 1, 1, 10)), [3, 4]);
    assert_eq!(numbers(&events(world, 1, 2, 10)), [3, 4]);
    assert!(events(world, 1, 4, 10).is_empty());
    assert!(events(world, 1, i64::MAX, 10).is_empty());
}

pub(crate) fn an_event_reads_back_as_published(world: &World) {
    let ticket = opened_by(&world.store, 1, &[2]).ticket.id;
    let event = events(world, 2, 0, 1).remove(0);
    assert_eq!((event.name, event.at), (EventName::TicketCreated, now()));
    let payload: serde_json::Value = serde_json::from_str(&event_payload(&event).unwrap()).unwrap();
    let expected = serde_json::json!({"id": event.sequence, "event": "support:ticket_created",
        "occurredAt": now().to_string(), "data": {"ticketId": ticket, "customerId": 1, "groupCustomerIds": [2],
        "serviceType": "ride", "issueType": "PAYMENT_ISSUE", "status": "OPEN", "level": 1,
        "actor": {"kind": "customer", "id": 1}}});
    assert_eq!(payload, expected);
}

pub(crate) fn newest_is_the_last_id_in_use(world: &World) {
    let newest = || world.store.read_blocking(|unit| unit.events().newest()).unwrap();
    assert_eq!(newest(), 0);
    for expected in 1..=3 {
        opened_by(&world.store, 1, &[]);
        assert_eq!(newest(), expected);
    }
}

/// Waits for a change. Returns false if none comes within this time.
pub(crate) fn changes_within(changes: &mut watch::Receiver<u64>, within: Duration) -> bool {
    let end = Instant::now() + within;
    while Instant::now() < end {
        if changes.has_changed().unwrap() {
            changes.mark_unchanged();
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

pub(crate) fn every_own_commit_notifies(world: &World) {
    let mut changes = world.store.changes();
    // The first poll may notify of earlier commits.
    changes_within(&mut changes, Duration::from_millis(300));
    for _ in 0..3 {
        opened_by(&world.store, 1, &[]);
        assert!(changes_within(&mut changes, Duration::from_secs(5)));
    }
}

pub(crate) fn a_unit_without_writes_does_not_notify(world: &World) {
    let mut changes = world.store.changes();
    changes_within(&mut changes, Duration::from_millis(300));
    let absent = crate::world::ticket_id(99);
    let refused = world.store.write_blocking(move |unit| desk::close::close(unit, &caller(1), absent, None, now()));
    assert!(refused.is_err());
    world.store.write_blocking(move |unit| unit.tickets().find(absent)).unwrap();
    assert!(!changes_within(&mut changes, Duration::from_millis(400)));
}
