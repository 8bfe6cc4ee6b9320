//! Bodies left unread by a response: a small one leaves the connection usable; with a large one the client can still
//! read the whole response.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::client::connect;
use crate::world::{BASE, World};

/// Maximum time until the server disconnects a client that is still sending.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Returns requests that are refused before their body is read, without the framing of a body, each with its status.
fn early_refusals(world: &World) -> Vec<(String, u16)> {
    let token = world.amina().token;
    let good = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    let head = |method: &str, target: &str, more: &str| format!("{method} {target} HTTP/1.1\r\nHost: x\r\n{more}");
    vec![
        (head("POST", BASE, ""), 401),
        (head("POST", BASE, "Authorization: Bearer wrong\r\nContent-Type: application/json\r\n"), 401),
        (head("POST", &format!("{BASE}/close"), "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400),
        (head("POST", "/nowhere", &good), 404),
        (head("PUT", &format!("{BASE}/1"), &good), 405),
        (head("POST", &format!("{BASE}?x=1"), &good), 400),
        (head("POST", &format!("{BASE}?{}", "x".repeat(3000)), &good), 414),
        (head("POST", BASE, &format!("{good}X-Large: {}\r\n", "x".repeat(17_000))), 431),
        (head("GET", "/healthz", ""), 200),
    ]
}

/// Reads one response from a connection that stays open: status, `Connection: close`, body.
fn read_response(stream: &mut TcpStream) -> (u16, bool, Vec<u8>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&head)));
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let status = head[9..12].parse().unwrap();
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let length: usize = field("content-length:").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (status, field("connection:") == Some("close"), body)
}

/// Asserts that a used connection serves another request.
#[track_caller]
fn assert_usable(world: &World, stream: &mut TcpStream) {
    let token = world.amina().token;
    write!(stream, "GET {BASE}/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    assert_eq!(read_response(stream).0, 200);
}

#[test]
fn a_small_body_sent_after_the_response_leaves_the_connection_usable() {
    let world = World::start();
    for (head, status) in early_refusals(&world) {
        for length in [1, 100, 60_000] {
            let mut stream = connect(world.address());
            write!(stream, "{head}Content-Length: {length}\r\n\r\n").unwrap();
            let (got, close, _) = read_response(&mut stream);
            assert_eq!((got, close), (status, false), "{head:.80}");
            stream.write_all(&vec![b'x'; length]).unwrap();
            assert_usable(&world, &mut stream);
        }
    }
}

#[test]
fn a_small_body_sent_with_its_head_leaves_the_connection_usable() {
    let world = World::start();
    for (head, status) in early_refusals(&world) {
        for framed in ["Content-Length: 5\r\n\r\nxxxxx", "Transfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n0\r\n\r\n"] {
            let mut stream = connect(world.address());
            write!(stream, "{head}{framed}").unwrap();
            let (got, close, _) = read_response(&mut stream);
            assert_eq!((got, close), (status, false), "{head:.80} {framed:?}");
            assert_usable(&world, &mut stream);
            assert_usable(&world, &mut stream);
        }
    }
}

#[test]
fn a_client_that_sends_a_large_body_can_read_the_whole_response() {
    let world = World::start();
    let token = world.amina().token;
    let mut cases = early_refusals(&world);
    let type_json = "Content-Type: application/json\r\n";
    for kind in [type_json, "Content-Type: text/plain\r\n"] {
        cases.push((format!("POST {BASE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{kind}"), 413));
    }
    for (head, status) in cases {
        for chunked in [false, true] {
            let mut stream = connect(world.address());
            let length = 1_000_000;
            let framing =
                if chunked { "Transfer-Encoding: chunked".into() } else { format!("Content-Length: {length}") };
            write!(stream, "{head}{framing}\r\n\r\n").unwrap();
            if chunked {
                write!(stream, "{length:x}\r\n").unwrap();
            }
            // Slow enough for an early close to reset data in flight.
            for part in vec![b'x'; length].chunks(100_000) {
                stream.write_all(part).unwrap_or_else(|error| panic!("{error}: {head:.80}"));
                thread::sleep(Duration::from_millis(5));
            }
            let (got, close, body) = read_response(&mut stream);
            assert_eq!((got, close), (status, true), "{head:.80}");
            serde_json::from_slice::<Value>(&body).unwrap();
            assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        }
    }
}

#[test]
fn a_body_that_is_never_sent_closes_its_connection_without_delay() {
    let world = World::start();
    let mut stream = connect(world.address());
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    write!(stream, "POST {BASE} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n").unwrap();
    assert_eq!(read_response(&mut stream).0, 401);
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_refused_client_that_expects_100_continue_gets_connection_close() {
    let world = World::start();
    for (head, status) in early_refusals(&world) {
        let mut stream = connect(world.address());
        write!(stream, "{head}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n").unwrap();
        let (got, close, _) = read_response(&mut stream);
        assert_eq!((got, close), (status, true), "{head:.80}");
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn a_client_that_expects_100_continue_keeps_its_connection() {
    let world = World::start();
    let token = world.amina().token;
    let body = r#"{"ticketId":1}"#;
    let mut stream = connect(world.address());
    write!(
        stream,
        "POST {BASE}/close HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    )
    .unwrap();
    assert_eq!(read_response(&mut stream).0, 100);
    stream.write_all(body.as_bytes()).unwrap();
    let (status, close, _) = read_response(&mut stream);
    assert_eq!((status, close), (200, false));
    assert_usable(&world, &mut stream);
}
