//! Responses that their clients do not read: each is closed, and the memory of all together has a limit.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};

use crate::world::{BASE, World, eventually};

/// Returns a fixture of 100 tickets of Amina, whose list has half a mebibyte.
fn long_tickets() -> Value {
    let ticket = |id: i64| {
        json!({"id": 1000 + id, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "rideId": 1,
               "description": "x".repeat(5000), "status": "OPEN", "createdAt": "2025-07-01T00:00:00Z"})
    };
    json!({"tickets": (0..100).map(ticket).collect::<Vec<_>>()})
}

/// Requests the list and reads nothing, with a receive buffer as small as the system permits.
fn request_list(address: SocketAddr, token: &str) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(&address.into()).unwrap();
    let mut stream = TcpStream::from(socket);
    let head = format!("GET {BASE}/?limit=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// Returns the number of open connections, including that of the scrape.
fn open_connections(world: &World) -> Option<u32> {
    let response = world.request_to("GET", "/metrics").send();
    let line = response.text().lines().find_map(|line| line.strip_prefix("support_http_connections "))?;
    line.parse().ok()
}

#[test]
fn a_client_that_does_not_read_its_response_is_closed() {
    let options = ["--metrics", "--write-timeout", "2s"];
    let world = World::plan().with_fixture(long_tickets()).with_arguments(&options).start();
    let unread: Vec<_> = (0..3).map(|_| request_list(world.address(), &world.amina().token)).collect();
    eventually(Duration::from_secs(10), || (open_connections(&world)? >= 4).then_some(()));
    eventually(Duration::from_secs(15), || (open_connections(&world)? == 1).then_some(()));
    drop(unread);
}

#[test]
fn unread_responses_take_a_limited_memory_and_delay_no_short_one() {
    let options = ["--response-memory", "8"];
    let world = World::plan().with_fixture(long_tickets()).with_arguments(&options).start();
    world.amina().list("?limit=100").assert_ok();
    let before = world.peak_memory();
    let unread: Vec<_> = (0..80).map(|_| request_list(world.address(), &world.amina().token)).collect();
    for _ in 0..20 {
        world.amina().track(1).assert_ok();
    }
    // Its turn comes after every request that is not read.
    world.amina().list("?limit=100").assert_ok();
    let grown = world.peak_memory().saturating_sub(before);
    assert!(grown < 32 << 10, "{grown} KiB more");
    drop(unread);
}
