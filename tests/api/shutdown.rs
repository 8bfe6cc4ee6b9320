//! Shutdown: requests in flight are completed, the store is consistent, and the exit code is 0.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::connect;
use crate::world::{BASE, World, eventually, ride_ticket};

/// Asserts that the store is consistent, in one file without a WAL.
fn assert_store_is_complete(world: &World) {
    for ending in ["-wal", "-shm"] {
        let beside = format!("{}{ending}", world.file().display());
        assert!(!std::path::Path::new(&beside).exists(), "{beside} is left");
    }
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let verdict: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// Waits until the server accepts no connections: from then on it is shutting down.
fn wait_until_not_accepting(world: &World) {
    eventually(Duration::from_secs(5), || TcpStream::connect(world.address()).is_err().then_some(()));
}

#[test]
fn a_signal_stops_the_server_after_the_requests_in_flight() {
    for signal in ["TERM", "INT"] {
        let world = World::start();
        let slow = world.amina().request("POST", "/").json(&ride_ticket()).send_except(10);
        // The server has received the slow request's head once it answers a later request.
        world.amina().track(1).assert_ok();
        world.signal(signal);
        wait_until_not_accepting(&world);
        let id = slow.finish().data()["ticketId"].as_i64().unwrap();
        assert_eq!(world.wait_for_exit(Duration::from_secs(10)).code(), Some(0), "SIG{signal}: {}", world.log());
        assert_store_is_complete(&world);
        assert_eq!(world.inspect_ticket(id)["status"], "OPEN", "what was answered is there");
    }
}

#[test]
fn idle_clients_do_not_delay_the_shutdown() {
    let world = World::start();
    let silent = connect(world.address());
    let mut idle = connect(world.address());
    let token = world.amina().token;
    write!(idle, "GET {BASE}/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let asked = Instant::now();
    world.signal("TERM");
    assert_eq!(world.wait_for_exit(Duration::from_secs(8)).code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_store_is_complete(&world);
    drop((silent, idle));
}

#[test]
fn an_endless_request_delays_the_shutdown_by_at_most_10_seconds() {
    let world = World::start();
    let _stuck = world.amina().request("POST", "/").json(&ride_ticket()).send_except(10);
    world.amina().track(1).assert_ok();
    world.signal("TERM");
    assert_eq!(world.wait_for_exit(Duration::from_secs(12)).code(), Some(0));
    assert_store_is_complete(&world);
}

#[test]
fn a_restarted_server_serves_the_same_data() {
    let mut world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    let shown = world.amina().track(id).data();
    world.signal("TERM");
    world.wait_for_exit(Duration::from_secs(10));
    world.restart();
    assert_eq!(world.amina().track(id).data(), shown);
}

#[test]
fn an_incomplete_head_does_not_delay_the_shutdown() {
    let world = World::start();
    let mut half = connect(world.address());
    half.write_all(b"GET /heal").unwrap();
    world.amina().track(1).assert_ok();
    let asked = Instant::now();
    world.signal("TERM");
    assert!(world.wait_for_exit(Duration::from_secs(5)).success());
    assert!(asked.elapsed() < Duration::from_secs(5));
}
