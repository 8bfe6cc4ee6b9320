//! The life of a stream: what keeps it, what ends it, and what it costs.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::connect;
use crate::stream::{Stream, planted};
use crate::world::{BASE, World, eventually};

#[test]
fn a_quiet_stream_shows_that_it_lives_and_outlasts_every_time_limit() {
    let world = World::start();
    let mut stream = world.amina().streams();
    let began = stream.last;
    // Others' events pass by: the first sign of life says how far, and is one all the same.
    world.mateo().opens_ride_ticket("not Amina's");
    stream.is_quiet(Duration::from_secs(32));
    assert_eq!((stream.comments, stream.last > began), (2, true), "one every 15 s");
    let ticket = world.amina().opens_ride_ticket("at last");
    assert_eq!(stream.next().ticket(), ticket);
}

#[test]
fn a_revoked_token_ends_its_streams_and_no_others() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let holder = world.holder_of(record["token"].as_str().unwrap());
    let (mut mine, mut again, mut other) = (holder.streams(), holder.streams(), world.amina().streams());
    thread::sleep(Duration::from_secs(2));
    world.runs(&["token", "revoke", &record["tokenId"].to_string()]);
    let revoked = Instant::now();
    for stream in [&mut mine, &mut again] {
        let left = Duration::from_secs(5).saturating_sub(revoked.elapsed());
        assert!(stream.ends_within(left).1, "the end is told");
    }
    holder.asks("GET", "/events").send().is_refused(401, "UNAUTHORIZED");
    let ticket = world.amina().opens_ride_ticket("charged twice");
    assert_eq!(other.next().ticket(), ticket);
}

#[test]
fn an_expired_token_ends_its_stream() {
    let world = World::start();
    let holder = world.customer_with(1, &["--expires", "4s"]);
    let issued = Instant::now();
    let (_, told) = holder.streams().ends_within(Duration::from_secs(9));
    assert!(told && issued.elapsed() > Duration::from_secs(2), "{:?}", issued.elapsed());
}

#[test]
fn the_end_of_the_server_ends_its_streams_at_once() {
    for signal in ["TERM", "INT"] {
        let world = World::start();
        let mut streams: Vec<_> = (0..20).map(|_| world.amina().streams()).collect();
        world.signals(signal);
        let asked = Instant::now();
        for stream in &mut streams {
            assert!(stream.ends_within(Duration::from_secs(2)).1, "the end is told");
        }
        assert_eq!(world.ends_within(Duration::from_secs(5)).code(), Some(0), "{}", world.log());
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    }
}

#[test]
fn a_client_that_goes_away_leaves_nothing_behind() {
    let world = World::start();
    // The store's own connections are there before the count.
    world.amina().streams().leave();
    world.amina().opens_ride_ticket("charged twice");
    thread::sleep(Duration::from_millis(500));
    let (_, before) = world.holds();
    let streams: Vec<_> = (0..50).map(|_| world.amina().streams()).collect();
    assert!(world.holds().1 >= before + 50);
    streams.into_iter().for_each(Stream::leave);
    eventually(Duration::from_secs(5), || (world.holds().1 <= before + 2).then_some(()));
}

/// Writes this many large events of Amina's at once, past everything.
fn flood(world: &World, count: i64) {
    planted(world, count, &format!("\"pad\":\"{}\"", "x".repeat(10_000)));
}

#[test]
fn a_reader_who_takes_nothing_is_cut_off_and_resumes_with_nothing_lost() {
    let world = World::start();
    let mut slow = connect(world.address());
    let token = world.amina().token;
    write!(slow, "GET {BASE}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut healthy = world.amina().streams();
    let (memory, _) = world.holds();
    flood(&world, 4_000);
    let mut expected = healthy.take(4_001).into_iter().map(|event| event.id).collect::<Vec<_>>();
    let mut cut = world.log_lines("aborted a stream: its client is too far behind");
    assert_eq!(cut.len(), 1, "{cut:?}");
    cut.clear();
    assert!(world.holds().0 < memory + 32 * 1024, "40 MB wait for a slow reader, and not in memory");
    // What was on its way when the connection was cut is still read; then it ends without its last chunk.
    let mut came = Vec::new();
    let _ = slow.read_to_end(&mut came);
    assert!(!came.ends_with(b"0\r\n\r\n"));
    let came = String::from_utf8_lossy(&came);
    let whole = came.rfind("\n\n").map_or("", |end| &came[..end]);
    let last = whole.rsplit("\nid: ").next().unwrap().lines().next().unwrap();
    let last: i64 = last.parse().unwrap();
    assert!((1..4_001).contains(&last), "{last}");
    expected.retain(|id| *id > last);
    let mut resumed = world.amina().streams_after(last);
    let rest: Vec<_> = resumed.take(expected.len()).into_iter().map(|event| event.id).collect();
    assert_eq!(rest, expected);
    // The one who reads was never in danger.
    let ticket = world.amina().opens_ride_ticket("and on");
    assert_eq!(healthy.next().ticket(), ticket);
}

#[test]
fn a_reader_who_takes_nothing_does_not_hold_up_the_end() {
    let world = World::start();
    let mut slow = connect(world.address());
    let token = world.amina().token;
    write!(slow, "GET {BASE}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut healthy = world.amina().streams();
    flood(&world, 1_000);
    drop(healthy.take(1_001));
    world.signals("TERM");
    assert_eq!(world.ends_within(Duration::from_secs(5)).code(), Some(0), "{}", world.log());
}

#[test]
fn two_thousand_idle_streams_cost_less_than_64_mib_and_others_are_answered() {
    let world = World::start();
    world.amina().streams().leave();
    (0..200).for_each(|_| drop(world.amina().tracks(1)));
    let (before, _) = world.holds();
    let customers: Vec<_> = (1..=12).map(|customer| world.customer(customer)).collect();
    let streams: Vec<_> = (0..2_000)
        .map(|number| {
            let mut socket = customers[number % 12].asks("GET", "/events").hold_back(0).into_socket();
            let (mut part, mut came) = ([0; 1024], Vec::new());
            while !came.windows(7).any(|seven| seven == b"\nretry:") {
                let length = socket.read(&mut part).unwrap();
                assert!(length > 0, "{}", String::from_utf8_lossy(&came));
                came.extend_from_slice(&part[..length]);
            }
            socket
        })
        .collect();
    let (after, _) = world.holds();
    for _ in 0..100 {
        world.amina().tracks(1).is_ok();
    }
    let cost = after - before;
    assert!(cost < 64 * 1024, "{cost} KiB");
    drop(streams);
}
