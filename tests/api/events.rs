//! Server-sent events: audience, order, and delivery without loss or duplicates.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::stream::{Event, insert_events};
use crate::world::{BASE, World, ride_ticket};

fn ids(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.id).collect()
}

/// Returns the ids of all events in the store.
fn event_ids(world: &World) -> Vec<i64> {
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let mut all = store.prepare("SELECT id FROM outbox ORDER BY id").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_operation_publishes_an_event_as_in_the_contract() {
    let world = World::start();
    let mut stream = world.amina().open_stream();
    assert_eq!(stream.retry, "1000");
    for line in ["content-type: text/event-stream\r\n", "cache-control: no-store\r\n", "x-accel-buffering: no\r\n"] {
        assert!(stream.head.to_lowercase().contains(line), "{}", stream.head);
    }
    let ticket = world.amina().create_group_ticket("charged twice", &[2, 3]);
    world.amina().escalate(ticket).assert_ok();
    world.amina().close(ticket).assert_ok();
    let states = [("created", "OPEN", 1), ("escalated", "ESCALATED", 2), ("closed", "CLOSED", 2)];
    for (event, (word, status, level)) in stream.take(3).into_iter().zip(states) {
        assert_eq!(event.name, format!("support:ticket_{word}"));
        let mut payload = event.data.clone();
        let at = payload["occurredAt"].take();
        assert!(at.as_str().is_some_and(|at| at.ends_with('Z')), "{at}");
        let expected = json!({"id": event.id, "event": event.name, "occurredAt": null, "data": {
            "ticketId": ticket, "customerId": 1, "groupCustomerIds": [2, 3], "serviceType": "ride",
            "issueType": "PAYMENT_ISSUE", "status": status, "level": level, "actor": {"kind": "customer", "id": 1}}});
        assert_eq!(payload, expected);
    }
}

#[test]
fn members_receive_their_events_and_strangers_none() {
    let world = World::start();
    let (mut owner, mut member) = (world.amina().open_stream(), world.mateo().open_stream());
    let (mut fellow, mut stranger) = (world.grace().open_stream(), world.jonas().open_stream());
    let group = world.amina().create_group_ticket("of two", &[2]);
    let own = world.amina().create_ride_ticket("of one");
    world.amina().close(group).assert_ok();
    assert_eq!(owner.take(3).iter().map(Event::ticket).collect::<Vec<_>>(), [group, own, group]);
    assert_eq!(member.take(2).iter().map(Event::ticket).collect::<Vec<_>>(), [group, group]);
    fellow.assert_quiet(Duration::from_millis(300));
    stranger.assert_quiet(Duration::from_millis(300));
    // A stranger's stream is empty from the first event on, too.
    world.jonas().open_stream_after(0).assert_quiet(Duration::from_millis(300));
}

#[test]
fn events_of_200_concurrent_writers_arrive_in_commit_order() {
    let world = World::start();
    let mut readers: Vec<_> = [1, 1, 2].map(|customer| world.customer(customer).open_stream()).into();
    let mut stranger = world.jonas().open_stream();
    let together = Barrier::new(200);
    thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                together.wait();
                let mut ticket = ride_ticket();
                ticket["groupCustomerIds"] = json!([2]);
                world.amina().create(&ticket).assert_ok();
            });
        }
    });
    let committed = event_ids(&world);
    assert_eq!(committed, (1..=200).collect::<Vec<_>>(), "numbers have no gaps");
    for reader in &mut readers {
        let events = reader.take(200);
        assert_eq!(ids(&events), committed);
        let mut tickets: Vec<_> = events.iter().map(Event::ticket).collect();
        tickets.sort_unstable();
        tickets.dedup();
        assert_eq!(tickets.len(), 200);
        reader.assert_quiet(Duration::from_millis(50));
    }
    stranger.assert_quiet(Duration::from_millis(50));
}

#[test]
fn a_client_resumes_at_any_event_without_loss_or_duplicates() {
    let world = World::start();
    insert_events(&world, 300, "\"n\":1");
    let all = event_ids(&world);
    assert_eq!(all.len(), 301);
    // Edges of the pages, and positions around them.
    for after in [0, 1, 63, 64, 65, 128, 200, 300] {
        let mut stream = world.amina().open_stream_after(after);
        let expected = &all[usize::try_from(after).unwrap()..];
        assert_eq!(ids(&stream.take(expected.len())), expected, "after {after}");
        stream.assert_quiet(Duration::from_millis(20));
    }
    let mut stream = world.amina().open_stream_after(301);
    world.amina().create_ride_ticket("one more");
    assert_eq!(stream.next().id, 302);
}

#[test]
fn a_client_that_resumes_during_many_writes_misses_nothing() {
    let world = World::start();
    insert_events(&world, 500, "\"n\":1");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..30 {
                world.amina().create_ride_ticket("meanwhile");
            }
        });
        for _ in 0..5 {
            let mut stream = world.amina().open_stream_after(0);
            assert_eq!(ids(&stream.take(505)), (1..=505).collect::<Vec<_>>());
        }
        writer.join().unwrap();
    });
    assert_eq!(ids(&world.amina().open_stream_after(0).take(531)), (1..=531).collect::<Vec<_>>());
}

#[test]
fn a_stream_broken_before_its_first_event_resumes_at_its_start() {
    let world = World::start();
    world.amina().create_ride_ticket("before");
    let stream = world.amina().open_stream();
    let began = stream.last;
    assert_eq!(began, 1);
    stream.abort();
    let missed = world.amina().create_ride_ticket("while away");
    assert_eq!(world.amina().open_stream_after(began).next().ticket(), missed);
}

#[test]
fn a_client_resumes_after_a_kill_or_a_restart_of_the_server() {
    for signal in ["KILL", "TERM"] {
        let mut world = World::start();
        let mut stream = world.amina().open_stream();
        let mut seen: Vec<i64> = Vec::new();
        for _ in 0..5 {
            world.amina().create_ride_ticket("before");
        }
        seen.extend(ids(&stream.take(3)));
        let last = stream.last;
        world.signal(signal);
        world.wait_for_exit(Duration::from_secs(10));
        // Operations of a command without a running server are published too.
        world.run(&["ticket", "close", "1"]);
        world.restart();
        let mut stream = world.amina().open_stream_after(last);
        world.amina().create_ride_ticket("after");
        seen.extend(ids(&stream.take(4)));
        assert_eq!(seen, event_ids(&world), "SIG{signal}");
    }
}

/// Creates a ticket of Amina's; `None` if the server is gone.
fn create_ticket(address: SocketAddr, token: &str) -> Option<()> {
    let mut socket = TcpStream::connect(address).ok()?;
    let body = ride_ticket().to_string();
    let length = body.len();
    write!(
        socket,
        "POST {BASE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).ok()?;
    answer.starts_with(b"HTTP/1.1 200").then_some(())
}

#[test]
fn repeated_kills_of_the_server_lose_and_duplicate_no_event() {
    let mut world = World::start();
    let (mut seen, mut last) = (Vec::new(), 0);
    for round in 0..10 {
        let mut stream = world.amina().open_stream_after(last);
        let (address, token) = (world.address(), world.amina().token);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| while create_ticket(address, &token).is_some() {});
            }
            thread::sleep(Duration::from_millis(40 + round * 37 % 160));
            world.signal("KILL");
        });
        seen.extend(ids(&stream.read_to_end(Duration::from_secs(5)).0));
        last = seen.last().copied().unwrap_or(last);
        world.wait_for_exit(Duration::from_secs(5));
        world.restart();
    }
    let committed = event_ids(&world);
    let mut stream = world.amina().open_stream_after(last);
    seen.extend(ids(&stream.take(committed.len() - seen.len())));
    assert_eq!(seen, committed);
    stream.assert_quiet(Duration::from_millis(50));
}

#[test]
fn an_operation_of_a_command_is_published_within_a_second() {
    let world = World::start();
    let mut stream = world.amina().open_stream();
    for (command, name) in [("escalate", "support:ticket_escalated"), ("close", "support:ticket_closed")] {
        world.run(&["--agent", "maria", "ticket", command, "1"]);
        let done = Instant::now();
        let event = stream.next();
        assert!(done.elapsed() < Duration::from_secs(1), "{:?}", done.elapsed());
        assert_eq!((event.name.as_str(), event.ticket()), (name, 1));
        assert_eq!(event.data["data"]["actor"], json!({"kind": "agent", "id": "maria"}));
    }
}

#[test]
fn a_line_break_in_stored_data_forges_no_field() {
    let world = World::start();
    let mut stream = world.amina().open_stream();
    insert_events(&world, 1, "\r\n\"a\":\r\"x\\r\\nid: 9\\r\\rdata: y\\u2028\",\n\"b\":\r\n1");
    world.amina().create_ride_ticket("\tcharged\r\n\r\nevent: forged\rdata: {}\n\nid: 99");
    let events = stream.take(3);
    assert_eq!(ids(&events), [1, 2, 3]);
    assert_eq!(events[1].data["data"]["a"], "x\r\nid: 9\r\rdata: y\u{2028}");
    assert_eq!(events[1].data["data"]["b"], 1);
    stream.assert_quiet(Duration::from_millis(100));
}

#[test]
fn an_invalid_last_event_id_is_refused() {
    let world = World::start();
    let resumes = |last: &str| world.amina().request("GET", "/events").header("Last-Event-ID", last);
    for last in ["x", "-1", "+1", "1.0", "1,2", "0x1", "9223372036854775808", "1\u{e9}", "1"] {
        resumes(last).send().assert_refused(400, "INVALID_TICKET").assert_fields(&["Last-Event-ID"]);
    }
    resumes("0")
        .header("Last-Event-ID", "0")
        .send()
        .assert_refused(400, "INVALID_TICKET")
        .assert_fields(&["Last-Event-ID"]);
}

#[test]
fn an_empty_last_event_id_is_ignored() {
    let world = World::start();
    world.amina().create_ride_ticket("before");
    let mut stream = crate::stream::Stream::open(world.amina().request("GET", "/events").header("Last-Event-ID", ""));
    let ticket = world.amina().create_ride_ticket("after");
    assert_eq!(stream.next().ticket(), ticket);
}

#[test]
fn a_stream_requires_the_track_permission() {
    let world = World::start();
    world.request("GET", "/events").send().assert_refused(401, "UNAUTHORIZED");
    world.actor_with_token("sup_made_up").request("GET", "/events").send().assert_refused(401, "UNAUTHORIZED");
    let other = world.customer_with(1, &["--permission", "create_support_ticket"]);
    other.request("GET", "/events").send().assert_refused(403, "PERMISSION_DENIED");
    let mut only = world.customer_with(1, &["--permission", "track_support_ticket"]).open_stream();
    let ticket = world.amina().create_ride_ticket("charged twice");
    assert_eq!(only.next().ticket(), ticket);
}

#[test]
fn the_path_allows_only_get_and_head() {
    let world = World::start();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = world.amina().request(method, "/events").json(&json!({})).send();
        answer.assert_refused(405, "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
    let head = world.amina().request("HEAD", "/events").send();
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    assert_eq!(world.request("HEAD", "/events").send().status, 401);
    world.amina().request("GET", "/events/1").send().assert_refused(404, "NOT_FOUND");
}
