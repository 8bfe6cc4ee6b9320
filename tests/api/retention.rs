//! Retention: expired rows are purged while the server works, and requests for them get 410.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::desk::create::create;
use support::model::permission::Permissions;
use support::model::principal::Caller;
use support::model::reference::Reference;
use support::model::ticket::{Description, NewTicket};
use support::model::timestamp::DAY;
use support::model::{CustomerId, IssueType, RideId, ServiceType};
use support::store::sqlite::{Open, Sqlite};
use support::store::{Store, Unit};
use support::system;

use crate::world::{Plan, World, eventually};

/// Creates backdated tickets of Amina's with Mateo in the group: one event and two notifications each.
fn insert_old_tickets(world: &World, count: usize, days: i64) {
    let store = Store::new(Sqlite::open(&world.file(), Open::Existing).unwrap());
    let (amina, mateo) = (CustomerId::FIRST, CustomerId::new(2).unwrap());
    let ticket = NewTicket {
        owner: amina,
        service: ServiceType::Ride,
        issue: IssueType::Other,
        description: Description::new("long ago").unwrap(),
        reference: Reference { ride: RideId::new(1), order: None, booking: None },
        members: vec![mateo],
    };
    let open = move |unit: &mut dyn Unit| {
        let then = system::now().plus(-days * DAY);
        let amina = Caller::customer(amina, Permissions::CUSTOMER);
        (0..count).try_for_each(|_| create(unit, &amina, ticket.clone(), then).map(drop))
    };
    store.write_blocking(open).unwrap();
    store.close();
}

/// Starts a server with 900 events of 100 days ago and 5 of yesterday.
fn start_with_old_rows(plan: Plan) -> World {
    let mut world = plan.start();
    world.signal("TERM");
    world.wait_for_exit(Duration::from_secs(10));
    insert_old_tickets(&world, 900, 100);
    insert_old_tickets(&world, 5, 1);
    world.restart();
    world
}

fn query_number(world: &World, sql: &str) -> i64 {
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    store.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Waits until all old events and notifications are purged.
fn wait_until_purged(world: &World) {
    eventually(Duration::from_secs(30), || {
        let old = "SELECT (SELECT count(*) FROM outbox WHERE id <= 900)
            + (SELECT count(*) FROM notifications WHERE id <= 1800)
            + (SELECT count(*) FROM event_audience WHERE event_id <= 900)";
        (query_number(world, old) == 0).then_some(())
    });
}

#[test]
fn expired_rows_are_purged_during_writes_and_the_audit_verifies() {
    let world = start_with_old_rows(World::plan());
    let audit = query_number(&world, "SELECT count(*) FROM audit");
    let over = AtomicBool::new(false);
    let (slowest, opened) = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let (mut slowest, mut opened) = (Duration::ZERO, 0);
            while !over.load(Ordering::Relaxed) {
                let begun = Instant::now();
                world.amina().create_ride_ticket("meanwhile");
                slowest = slowest.max(begun.elapsed());
                opened += 1;
            }
            (slowest, opened)
        });
        wait_until_purged(&world);
        over.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    println!("{opened} tickets meanwhile, the slowest in {slowest:?}");
    assert!(opened > 0 && slowest < Duration::from_secs(2), "{opened} tickets, {slowest:?}");
    assert_eq!(query_number(&world, "SELECT count(*) FROM outbox"), 5 + opened);
    assert_eq!(query_number(&world, "SELECT count(*) FROM audit"), audit + opened);
    assert_eq!(query_number(&world, "SELECT count(*) FROM tickets"), 42 + 905 + opened);
    assert_eq!(query_number(&world, "SELECT count(*) FROM ledger"), 905 + opened);
    let verified = world.run_json(&["audit", "verify"]);
    assert_eq!(
        (&verified["eventsPurged"], &verified["notificationsPurged"]),
        (&900.into(), &1800.into()),
        "{verified}"
    );
    let inbox = world.mateo().request("GET", "/notifications?limit=100").send().data();
    assert_eq!((inbox["notifications"].as_array().map(Vec::len), &inbox["unread"]), (Some(5), &Value::from(5)));
    world.amina().track(43).assert_ok();
    assert!(world.log_lines("purged expired rows").iter().any(|line| line.contains("900") && line.contains("events")));
}

#[test]
fn a_purged_last_event_id_is_gone() {
    let world = start_with_old_rows(World::plan());
    wait_until_purged(&world);
    for last in ["0", "1", "899"] {
        let refused = world.amina().request("GET", "/events").header("Last-Event-ID", last).send();
        refused.assert_refused(410, "EVENTS_GONE");
        assert!(refused.message().contains("up to 900"), "{}", refused.message());
        // A customer without any of these events cannot know that, and must not assume that none existed.
        world.jonas().request("GET", "/events").header("Last-Event-ID", last).send().assert_refused(410, "EVENTS_GONE");
    }
    let kept: Vec<_> = world.amina().open_stream_after(900).take(5).iter().map(|event| event.id).collect();
    assert_eq!(kept, [901, 902, 903, 904, 905]);
    assert_eq!(world.amina().open_stream_after(903).take(2).len(), 2);
    assert_eq!(world.amina().open_stream().last, 905);
}

#[test]
fn rows_without_a_retention_period_are_not_purged() {
    let world = start_with_old_rows(World::plan().with_arguments(&[
        "--retain",
        "events=off",
        "--retain",
        "notifications=1d12h,audit=off",
    ]));
    eventually(Duration::from_secs(30), || {
        (query_number(&world, "SELECT count(*) FROM notifications") == 10).then_some(())
    });
    assert_eq!(query_number(&world, "SELECT count(*) FROM outbox"), 905);
    assert_eq!(world.amina().open_stream_after(0).take(905).len(), 905);
}

#[test]
fn a_keep_alive_moves_the_position_of_a_stream_without_events() {
    let world = World::start();
    let mut quiet = world.jonas().open_stream();
    let began = quiet.last;
    world.amina().create_ride_ticket("none of his");
    quiet.assert_quiet(Duration::from_secs(16));
    assert_eq!(quiet.last, began + 1);
    world.customer(5).open_stream_after(quiet.last).assert_quiet(Duration::from_millis(50));
}

#[test]
fn a_key_is_valid_for_its_retention_period() {
    for (arguments, days) in [(&[][..], 1), (&["--retain", "keys=3d"], 3)] {
        let world = World::plan().with_arguments(arguments).start();
        let ticket = crate::world::ride_ticket();
        world.amina().request("POST", "/").header("Idempotency-Key", "k").json(&ticket).send().assert_ok();
        let left = query_number(&world, "SELECT expires_at - unixepoch() FROM idempotency_keys");
        assert!((days * DAY - 60..=days * DAY).contains(&left), "{left}");
    }
}
