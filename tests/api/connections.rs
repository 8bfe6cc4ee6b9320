//! Limits on connections: one address leaves room for others, and health checks are answered beyond the limit.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::client::{connect, connect_from, exchange};
use crate::world::{BASE, World, eventually};

/// Address of a client other than the tests' usual one.
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Sends a tracking request from this address, and returns the status; `None` if the connection was refused.
fn track_from(address: Ipv4Addr, world: &World) -> Option<u16> {
    let stream = connect_from(address, world.address());
    let token = world.amina().token;
    let head =
        format!("GET {BASE}/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    exchange(stream, head).map(|response| response.status)
}

/// Opens connections that send nothing.
fn silent_connections(count: usize, address: SocketAddr) -> Vec<TcpStream> {
    (0..count).map(|_| connect(address)).collect()
}

#[test]
fn one_address_cannot_take_the_connections_of_others() {
    let world = World::plan().with_arguments(&["--max-connections", "40"]).start();
    let silent = silent_connections(60, world.address());
    eventually(Duration::from_secs(10), || (track_from(OTHER, &world) == Some(200)).then_some(()));
    assert_ne!(track_from(Ipv4Addr::LOCALHOST, &world), Some(200), "the limit of one address is half of all");
    world.log_lines("refused connections beyond the limits");
    drop(silent);
    eventually(Duration::from_secs(10), || (track_from(Ipv4Addr::LOCALHOST, &world) == Some(200)).then_some(()));
}

#[test]
fn the_limit_of_one_address_is_an_option() {
    let options = ["--max-connections", "40", "--max-connections-per-address", "3"];
    let world = World::plan().with_arguments(&options).start();
    let silent = silent_connections(3, world.address());
    eventually(Duration::from_secs(10), || (track_from(Ipv4Addr::LOCALHOST, &world) != Some(200)).then_some(()));
    assert_eq!(track_from(OTHER, &world), Some(200));
    drop(silent);
}

#[test]
fn health_checks_are_answered_when_all_connections_are_taken() {
    let options = ["--max-connections", "4", "--max-connections-per-address", "4"];
    let world = World::plan().with_arguments(&options).start();
    let silent = silent_connections(4, world.address());
    let refused = eventually(Duration::from_secs(10), || {
        let response = world.amina().track(1);
        (response.status != 200).then_some(response)
    });
    refused.assert_refused(503, "SUPPORT_TICKET_FAILED").assert_common_headers();
    assert_eq!(refused.header("retry-after"), Some("1"));
    for target in ["/healthz", "/readyz"] {
        let response = world.request_to("GET", target).send();
        assert_eq!(response.assert_status(200).header("connection"), Some("close"));
    }
    drop(silent);
    eventually(Duration::from_secs(10), || (world.amina().track(1).status == 200).then_some(()));
}

#[test]
fn a_silent_connection_does_not_keep_a_reserved_place() {
    let options = ["--max-connections", "1", "--max-connections-per-address", "1"];
    let world = World::plan().with_arguments(&options).start();
    let mut first = connect(world.address());
    first.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let silent = silent_connections(80, world.address());
    eventually(Duration::from_secs(10), || {
        let stream = connect(world.address());
        let response = exchange(stream, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
        (response.status == 200).then_some(())
    });
    drop((first, silent));
}

#[test]
fn the_soft_limit_on_open_files_is_raised() {
    let world = World::plan().with_descriptor_limit(64).start();
    let many = silent_connections(100, world.address());
    world.amina().track(1).assert_ok();
    drop(many);
}
