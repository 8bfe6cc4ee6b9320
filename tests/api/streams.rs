//! Lifetime of a stream: keep-alives, the conditions that end it, and its cost.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::connect;
use crate::stream::{Stream, insert_events};
use crate::world::{BASE, World, eventually};

#[test]
fn a_quiet_stream_sends_keep_alives_and_outlasts_every_timeout() {
    let world = World::start();
    let mut stream = world.amina().open_stream();
    let began = stream.last;
    // Other customers' events move the position: the keep-alive carries it.
    world.mateo().create_ride_ticket("not Amina's");
    stream.assert_quiet(Duration::from_secs(32));
    assert_eq!((stream.comments, stream.last > began), (2, true), "one every 15 s");
    let ticket = world.amina().create_ride_ticket("at last");
    assert_eq!(stream.next().ticket(), ticket);
}

#[test]
fn a_revoked_token_ends_only_its_own_streams() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let holder = world.actor_with_token(record["token"].as_str().unwrap());
    let (mut mine, mut again, mut other) = (holder.open_stream(), holder.open_stream(), world.amina().open_stream());
    thread::sleep(Duration::from_secs(2));
    world.run(&["token", "revoke", &record["tokenId"].to_string()]);
    let revoked = Instant::now();
    for stream in [&mut mine, &mut again] {
        let left = Duration::from_secs(5).saturating_sub(revoked.elapsed());
        assert!(stream.read_to_end(left).1, "the response ends completely");
    }
    holder.request("GET", "/events").send().assert_refused(401, "UNAUTHORIZED");
    let ticket = world.amina().create_ride_ticket("charged twice");
    assert_eq!(other.next().ticket(), ticket);
}

#[test]
fn an_expired_token_ends_its_stream() {
    let world = World::start();
    let holder = world.customer_with(1, &["--expires", "4s"]);
    let issued = Instant::now();
    let (_, is_complete) = holder.open_stream().read_to_end(Duration::from_secs(9));
    assert!(is_complete && issued.elapsed() > Duration::from_secs(2), "{:?}", issued.elapsed());
}

#[test]
fn a_shutdown_ends_streams_immediately() {
    for signal in ["TERM", "INT"] {
        let world = World::start();
        let mut streams: Vec<_> = (0..20).map(|_| world.amina().open_stream()).collect();
        world.signal(signal);
        let asked = Instant::now();
        for stream in &mut streams {
            assert!(stream.read_to_end(Duration::from_secs(2)).1, "the response ends completely");
        }
        assert_eq!(world.wait_for_exit(Duration::from_secs(5)).code(), Some(0), "{}", world.log());
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    }
}

#[test]
fn a_disconnected_client_leaks_nothing() {
    let world = World::start();
    // The store's own connections are open before the count.
    world.amina().open_stream().abort();
    world.amina().create_ride_ticket("charged twice");
    thread::sleep(Duration::from_millis(500));
    let (_, before) = world.resource_usage();
    let streams: Vec<_> = (0..50).map(|_| world.amina().open_stream()).collect();
    assert!(world.resource_usage().1 >= before + 50);
    streams.into_iter().for_each(Stream::abort);
    eventually(Duration::from_secs(5), || (world.resource_usage().1 <= before + 2).then_some(()));
}

/// Inserts this number of large events of Amina's in one commit.
fn insert_large_events(world: &World, count: i64) {
    insert_events(world, count, &format!("\"pad\":\"{}\"", "x".repeat(10_000)));
}

#[test]
fn a_client_that_does_not_read_is_disconnected_and_resumes_without_loss() {
    let world = World::start();
    let mut slow = connect(world.address());
    let token = world.amina().token;
    write!(slow, "GET {BASE}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut healthy = world.amina().open_stream();
    let (memory, _) = world.resource_usage();
    insert_large_events(&world, 4_000);
    let mut expected = healthy.take(4_001).into_iter().map(|event| event.id).collect::<Vec<_>>();
    let mut cut = world.log_lines("aborted a stream: its client is too far behind");
    assert_eq!(cut.len(), 1, "{cut:?}");
    cut.clear();
    assert!(world.resource_usage().0 < memory + 32 * 1024, "40 MB wait for a slow reader, and not in memory");
    // Data in flight at the abort is still read; then the stream ends without its last chunk.
    let mut came = Vec::new();
    let _ = slow.read_to_end(&mut came);
    assert!(!came.ends_with(b"0\r\n\r\n"));
    let came = String::from_utf8_lossy(&came);
    let whole = came.rfind("\n\n").map_or("", |end| &came[..end]);
    let last = whole.rsplit("\nid: ").next().unwrap().lines().next().unwrap();
    let last: i64 = last.parse().unwrap();
    assert!((1..4_001).contains(&last), "{last}");
    expected.retain(|id| *id > last);
    let mut resumed = world.amina().open_stream_after(last);
    let rest: Vec<_> = resumed.take(expected.len()).into_iter().map(|event| event.id).collect();
    assert_eq!(rest, expected);
    // The client that reads is not affected.
    let ticket = world.amina().create_ride_ticket("and on");
    assert_eq!(healthy.next().ticket(), ticket);
}

#[test]
fn a_client_that_does_not_read_does_not_delay_the_shutdown() {
    let world = World::start();
    let mut slow = connect(world.address());
    let token = world.amina().token;
    write!(slow, "GET {BASE}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut healthy = world.amina().open_stream();
    insert_large_events(&world, 1_000);
    drop(healthy.take(1_001));
    world.signal("TERM");
    assert_eq!(world.wait_for_exit(Duration::from_secs(5)).code(), Some(0), "{}", world.log());
}

#[test]
fn two_thousand_idle_streams_use_less_than_64_mib_and_delay_no_request() {
    let world = World::start();
    world.amina().open_stream().abort();
    (0..200).for_each(|_| drop(world.amina().track(1)));
    let (before, _) = world.resource_usage();
    let customers: Vec<_> = (1..=12).map(|customer| world.customer(customer)).collect();
    let streams: Vec<_> = (0..2_000)
        .map(|number| {
            let mut socket = customers[number % 12].request("GET", "/events").send_except(0).into_socket();
            let (mut part, mut came) = ([0; 1024], Vec::new());
            while !came.windows(7).any(|seven| seven == b"\nretry:") {
                let length = socket.read(&mut part).unwrap();
                assert!(length > 0, "{}", String::from_utf8_lossy(&came));
                came.extend_from_slice(&part[..length]);
            }
            socket
        })
        .collect();
    let (after, _) = world.resource_usage();
    for _ in 0..100 {
        world.amina().track(1).assert_ok();
    }
    let cost = after - before;
    assert!(cost < 64 * 1024, "{cost} KiB");
    drop(streams);
}
