//! Server-sent events: who sees what, in which order, and that nothing is missed and nothing comes twice.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::stream::{Event, planted};
use crate::world::{BASE, World, ride_ticket};

fn ids(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.id).collect()
}

/// The numbers of all events, as they stand in the store.
fn numbered(world: &World) -> Vec<i64> {
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let mut all = store.prepare("SELECT id FROM outbox ORDER BY id").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_operation_is_told_as_the_contract_says() {
    let world = World::start();
    let mut stream = world.amina().streams();
    assert_eq!(stream.retry, "1000");
    for line in ["content-type: text/event-stream\r\n", "cache-control: no-store\r\n", "x-accel-buffering: no\r\n"] {
        assert!(stream.head.to_lowercase().contains(line), "{}", stream.head);
    }
    let ticket = world.amina().opens_group_ticket("charged twice", &[2, 3]);
    world.amina().escalates(ticket).is_ok();
    world.amina().closes(ticket).is_ok();
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
fn members_see_theirs_and_strangers_nothing() {
    let world = World::start();
    let (mut owner, mut member) = (world.amina().streams(), world.mateo().streams());
    let (mut fellow, mut stranger) = (world.grace().streams(), world.jonas().streams());
    let group = world.amina().opens_group_ticket("of two", &[2]);
    let own = world.amina().opens_ride_ticket("of one");
    world.amina().closes(group).is_ok();
    assert_eq!(owner.take(3).iter().map(Event::ticket).collect::<Vec<_>>(), [group, own, group]);
    assert_eq!(member.take(2).iter().map(Event::ticket).collect::<Vec<_>>(), [group, group]);
    fellow.is_quiet(Duration::from_millis(300));
    stranger.is_quiet(Duration::from_millis(300));
    // Nor later: the whole past of a stranger is empty.
    world.jonas().streams_after(0).is_quiet(Duration::from_millis(300));
}

#[test]
fn two_hundred_writers_at_once_are_told_in_the_order_of_their_commits() {
    let world = World::start();
    let mut readers: Vec<_> = [1, 1, 2].map(|customer| world.customer(customer).streams()).into();
    let mut stranger = world.jonas().streams();
    let together = Barrier::new(200);
    thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                together.wait();
                let mut ticket = ride_ticket();
                ticket["groupCustomerIds"] = json!([2]);
                world.amina().opens(&ticket).is_ok();
            });
        }
    });
    let committed = numbered(&world);
    assert_eq!(committed, (1..=200).collect::<Vec<_>>(), "numbers have no gaps");
    for reader in &mut readers {
        let events = reader.take(200);
        assert_eq!(ids(&events), committed);
        let mut tickets: Vec<_> = events.iter().map(Event::ticket).collect();
        tickets.sort_unstable();
        tickets.dedup();
        assert_eq!(tickets.len(), 200);
        reader.is_quiet(Duration::from_millis(50));
    }
    stranger.is_quiet(Duration::from_millis(50));
}

#[test]
fn a_reader_resumes_anywhere_with_nothing_missed_and_nothing_twice() {
    let world = World::start();
    planted(&world, 300, "\"n\":1");
    let all = numbered(&world);
    assert_eq!(all.len(), 301);
    // The edges of the pages, and places around them.
    for after in [0, 1, 63, 64, 65, 128, 200, 300] {
        let mut stream = world.amina().streams_after(after);
        let expected = &all[usize::try_from(after).unwrap()..];
        assert_eq!(ids(&stream.take(expected.len())), expected, "after {after}");
        stream.is_quiet(Duration::from_millis(20));
    }
    let mut stream = world.amina().streams_after(301);
    world.amina().opens_ride_ticket("one more");
    assert_eq!(stream.next().id, 302);
}

#[test]
fn a_reader_who_resumes_while_much_happens_misses_nothing() {
    let world = World::start();
    planted(&world, 500, "\"n\":1");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..30 {
                world.amina().opens_ride_ticket("meanwhile");
            }
        });
        for _ in 0..5 {
            let mut stream = world.amina().streams_after(0);
            assert_eq!(ids(&stream.take(505)), (1..=505).collect::<Vec<_>>());
        }
        writer.join().unwrap();
    });
    assert_eq!(ids(&world.amina().streams_after(0).take(531)), (1..=531).collect::<Vec<_>>());
}

#[test]
fn a_stream_that_breaks_before_its_first_event_resumes_where_it_began() {
    let world = World::start();
    world.amina().opens_ride_ticket("before");
    let stream = world.amina().streams();
    let began = stream.last;
    assert_eq!(began, 1);
    stream.leave();
    let missed = world.amina().opens_ride_ticket("while away");
    assert_eq!(world.amina().streams_after(began).next().ticket(), missed);
}

#[test]
fn a_reader_resumes_after_the_server_was_killed_or_started_again() {
    for signal in ["KILL", "TERM"] {
        let mut world = World::start();
        let mut stream = world.amina().streams();
        let mut seen: Vec<i64> = Vec::new();
        for _ in 0..5 {
            world.amina().opens_ride_ticket("before");
        }
        seen.extend(ids(&stream.take(3)));
        let last = stream.last;
        world.signals(signal);
        world.ends_within(Duration::from_secs(10));
        // What a command does while no server is there is not lost either.
        world.runs(&["ticket", "close", "1"]);
        world.starts_again();
        let mut stream = world.amina().streams_after(last);
        world.amina().opens_ride_ticket("after");
        seen.extend(ids(&stream.take(4)));
        assert_eq!(seen, numbered(&world), "SIG{signal}");
    }
}

/// Opens a ticket of Amina's, unless the server is gone before it answers.
fn opens(address: SocketAddr, token: &str) -> Option<()> {
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
fn a_server_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let mut world = World::start();
    let (mut seen, mut last) = (Vec::new(), 0);
    for round in 0..10 {
        let mut stream = world.amina().streams_after(last);
        let (address, token) = (world.address(), world.amina().token);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| while opens(address, &token).is_some() {});
            }
            thread::sleep(Duration::from_millis(40 + round * 37 % 160));
            world.signals("KILL");
        });
        seen.extend(ids(&stream.ends_within(Duration::from_secs(5)).0));
        last = seen.last().copied().unwrap_or(last);
        world.ends_within(Duration::from_secs(5));
        world.starts_again();
    }
    let committed = numbered(&world);
    let mut stream = world.amina().streams_after(last);
    seen.extend(ids(&stream.take(committed.len() - seen.len())));
    assert_eq!(seen, committed);
    stream.is_quiet(Duration::from_millis(50));
}

#[test]
fn what_a_command_does_is_told_within_a_second() {
    let world = World::start();
    let mut stream = world.amina().streams();
    for (command, name) in [("escalate", "support:ticket_escalated"), ("close", "support:ticket_closed")] {
        world.runs(&["--agent", "maria", "ticket", command, "1"]);
        let done = Instant::now();
        let event = stream.next();
        assert!(done.elapsed() < Duration::from_secs(1), "{:?}", done.elapsed());
        assert_eq!((event.name.as_str(), event.ticket()), (name, 1));
        assert_eq!(event.data["data"]["actor"], json!({"kind": "agent", "id": "maria"}));
    }
}

#[test]
fn a_line_break_in_what_is_stored_forges_no_field() {
    let world = World::start();
    let mut stream = world.amina().streams();
    planted(&world, 1, "\r\n\"a\":\r\"x\\r\\nid: 9\\r\\rdata: y\\u2028\",\n\"b\":\r\n1");
    world.amina().opens_ride_ticket("\tcharged\r\n\r\nevent: forged\rdata: {}\n\nid: 99");
    let events = stream.take(3);
    assert_eq!(ids(&events), [1, 2, 3]);
    assert_eq!(events[1].data["data"]["a"], "x\r\nid: 9\r\rdata: y\u{2028}");
    assert_eq!(events[1].data["data"]["b"], 1);
    stream.is_quiet(Duration::from_millis(100));
}

#[test]
fn a_place_that_is_none_is_refused() {
    let world = World::start();
    let resumes = |last: &str| world.amina().asks("GET", "/events").header("Last-Event-ID", last);
    for last in ["x", "-1", "+1", "1.0", "1,2", "0x1", "9223372036854775808", "1\u{e9}", "1"] {
        resumes(last).send().is_refused(400, "INVALID_TICKET").blames(&["Last-Event-ID"]);
    }
    resumes("0").header("Last-Event-ID", "0").send().is_refused(400, "INVALID_TICKET").blames(&["Last-Event-ID"]);
}

#[test]
fn an_empty_place_means_none() {
    let world = World::start();
    world.amina().opens_ride_ticket("before");
    let mut stream = crate::stream::Stream::open(world.amina().asks("GET", "/events").header("Last-Event-ID", ""));
    let ticket = world.amina().opens_ride_ticket("after");
    assert_eq!(stream.next().ticket(), ticket);
}

#[test]
fn a_stream_is_for_whoever_may_track() {
    let world = World::start();
    world.asks("GET", "/events").send().is_refused(401, "UNAUTHORIZED");
    world.holder_of("sup_made_up").asks("GET", "/events").send().is_refused(401, "UNAUTHORIZED");
    let other = world.customer_with(1, &["--permission", "create_support_ticket"]);
    other.asks("GET", "/events").send().is_refused(403, "PERMISSION_DENIED");
    let mut only = world.customer_with(1, &["--permission", "track_support_ticket"]).streams();
    let ticket = world.amina().opens_ride_ticket("charged twice");
    assert_eq!(only.next().ticket(), ticket);
}

#[test]
fn the_path_takes_get_and_head_alone() {
    let world = World::start();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = world.amina().asks(method, "/events").json(&json!({})).send();
        answer.is_refused(405, "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
    let head = world.amina().asks("HEAD", "/events").send();
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    assert_eq!(world.asks("HEAD", "/events").send().status, 401);
    world.amina().asks("GET", "/events/1").send().is_refused(404, "NOT_FOUND");
}
