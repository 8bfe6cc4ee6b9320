//! The end of a server: what is in flight is answered, the store is left whole, and the exit code is 0.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::connect;
use crate::world::{BASE, World, eventually, ride_ticket};

/// The store as it lies there once nobody serves it: one whole file, no log beside it.
fn store_is_whole(world: &World) {
    for ending in ["-wal", "-shm"] {
        let beside = format!("{}{ending}", world.file().display());
        assert!(!std::path::Path::new(&beside).exists(), "{beside} is left");
    }
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let verdict: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// Waits until the server takes no connection any more: from then on it is ending.
fn takes_no_more(world: &World) {
    eventually(Duration::from_secs(5), || TcpStream::connect(world.address()).is_err().then_some(()));
}

#[test]
fn a_signal_ends_the_server_once_what_is_in_flight_is_answered() {
    for signal in ["TERM", "INT"] {
        let world = World::start();
        let slow = world.amina().asks("POST", "/").json(&ride_ticket()).hold_back(10);
        // The server has the slow request's head once it answers one that came after it.
        world.amina().tracks(1).is_ok();
        world.signals(signal);
        takes_no_more(&world);
        let id = slow.finish().data()["ticketId"].as_i64().unwrap();
        assert_eq!(world.ends_within(Duration::from_secs(10)).code(), Some(0), "SIG{signal}: {}", world.log());
        store_is_whole(&world);
        assert_eq!(world.inspects(id)["status"], "OPEN", "what was answered is there");
    }
}

#[test]
fn clients_that_only_stand_by_do_not_hold_up_the_end() {
    let world = World::start();
    let silent = connect(world.address());
    let mut idle = connect(world.address());
    let token = world.amina().token;
    write!(idle, "GET {BASE}/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let asked = Instant::now();
    world.signals("TERM");
    assert_eq!(world.ends_within(Duration::from_secs(8)).code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    store_is_whole(&world);
    drop((silent, idle));
}

#[test]
fn a_request_that_never_ends_holds_up_the_end_for_10_seconds_at_most() {
    let world = World::start();
    let _stuck = world.amina().asks("POST", "/").json(&ride_ticket()).hold_back(10);
    world.amina().tracks(1).is_ok();
    world.signals("TERM");
    assert_eq!(world.ends_within(Duration::from_secs(12)).code(), Some(0));
    store_is_whole(&world);
}

#[test]
fn a_server_that_ended_starts_again_where_it_was() {
    let mut world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    let shown = world.amina().tracks(id).data();
    world.signals("TERM");
    world.ends_within(Duration::from_secs(10));
    world.starts_again();
    assert_eq!(world.amina().tracks(id).data(), shown);
}

#[test]
fn half_a_head_holds_nobody_up() {
    let world = World::start();
    let mut half = connect(world.address());
    half.write_all(b"GET /heal").unwrap();
    world.amina().tracks(1).is_ok();
    let asked = Instant::now();
    world.signals("TERM");
    assert!(world.ends_within(Duration::from_secs(5)).success());
    assert!(asked.elapsed() < Duration::from_secs(5));
}
