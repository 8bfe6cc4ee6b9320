//! Limits on the size and time of requests.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Response, connect, send_bytes};
use crate::world::{BASE, World, ride_ticket};

/// Sends a request with this number of headers.
fn with_headers(world: &World, count: usize, filling: &str) -> Response {
    let token = world.amina().token;
    let mut head =
        format!("GET {BASE}/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n");
    for number in 3..count {
        let _ = write!(head, "X-{number}: {filling}\r\n");
    }
    send_bytes(world.address(), head + "\r\n")
}

#[test]
fn a_target_has_at_most_2_kib() {
    let world = World::start();
    for (length, status) in [(2048, 400), (2049, 414), (8000, 414)] {
        let path = format!("/1?{}", "x".repeat(length - BASE.len() - 3));
        let answer = world.amina().request("GET", &path).send();
        answer.assert_status(status).assert_common_headers();
        world.request("GET", &path).send().assert_status(if status == 400 { 401 } else { 414 });
    }
    let answer = world.amina().request("POST", &format!("/{}", "x".repeat(2100))).json(&ride_ticket()).send();
    let code = answer.json()["code"].as_str().unwrap().to_owned();
    answer.assert_refused(414, &code);
}

#[test]
fn a_request_has_at_most_64_headers() {
    let world = World::start();
    with_headers(&world, 64, "x").assert_ok();
    with_headers(&world, 65, "x").assert_status(431);
    with_headers(&world, 1000, "x").assert_status(431);
    world.amina().track(1).assert_ok();
}

#[test]
fn the_headers_have_at_most_16_kib() {
    let world = World::start();
    with_headers(&world, 40, &"x".repeat(390)).assert_ok();
    with_headers(&world, 40, &"x".repeat(520)).assert_status(431);
    with_headers(&world, 4, &"x".repeat(100_000)).assert_status(431);
    world.amina().track(1).assert_ok();
}

#[test]
fn too_many_headers_are_answered_in_the_envelope() {
    let world = World::start();
    with_headers(&world, 65, "x").assert_common_headers();
    with_headers(&world, 40, &"x".repeat(520)).assert_common_headers();
}

#[test]
fn an_invalid_request_is_refused_and_affects_no_other() {
    let world = World::start();
    let token = world.amina().token;
    let post = format!(
        "POST {BASE}/close HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    );
    for bytes in [
        "\x16\x03\x01\x02\x00\x01\x00\x01\x7c\x03\x03 hello over there\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n".to_owned(),
        format!("GET {BASE}/1 HTTP/1.1\r\nHo st: x\r\n\r\n"),
        format!("{post}Content-Length: x\r\n\r\n{{\"ticketId\":1}}"),
        format!("{post}Content-Length: -1\r\n\r\n{{\"ticketId\":1}}"),
        format!("{post}Content-Length: 14\r\nContent-Length: 15\r\n\r\n{{\"ticketId\":1}} "),
        format!("{post}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{{\"ticketId\":1}}\r\n0\r\n\r\n"),
    ] {
        let answer = send_bytes(world.address(), bytes.as_bytes());
        assert!((400..500).contains(&answer.status), "{bytes:?}: {answer}");
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
}

/// Sends the bytes, then one of the drops every 0.5 s, until the server closes; returns the time and the response.
fn time_until_close(address: SocketAddr, bytes: &[u8], drops: &[u8]) -> (Duration, Vec<u8>) {
    let started = Instant::now();
    let mut stream = connect(address);
    stream.write_all(bytes).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut drops = drops.iter().cycle();
    let (mut response, mut part) = (Vec::new(), [0; 1024]);
    loop {
        match stream.read(&mut part) {
            Ok(length @ 1..) => response.extend(&part[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if let Some(next) = drops.next() {
                    let _ = stream.write_all(&[*next]);
                }
            }
            Ok(0) | Err(_) => return (started.elapsed(), response),
        }
        assert!(started.elapsed() < Duration::from_secs(20), "the server keeps a client that says nothing");
    }
}

#[test]
fn a_slow_client_is_disconnected_and_delays_no_other() {
    let world = World::plan().with_arguments(&["--keep-alive", "3s"]).start();
    let token = world.amina().token;
    let head = format!(
        "POST {BASE}/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    );
    let body = format!("{head}Content-Length: 5000\r\n\r\n{{");
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n");
    let kept = format!("GET {BASE}/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    let half = format!("{head}X-Long: ");
    // Bytes, drops and maximum time: 15 s for a head, 10 s for a body, the keep-alive time for an idle connection, and
    // one second of tolerance.
    let clients: [(&str, &str, &[u8], u64); 7] = [
        ("silence", "", b"", 16),
        ("half a request line", "GET /api", b"", 16),
        ("half a header", &half, b"", 16),
        ("a header that drips", &half, b"x", 16),
        ("half a body", &body, b"", 11),
        ("a body that drips", &body, b" ", 11),
        ("half a body in chunks", &chunked, b"", 11),
    ];
    let address = world.address();
    thread::scope(|scope| {
        let idle = scope.spawn(|| time_until_close(address, kept.as_bytes(), b""));
        let slow = clients.map(|(name, bytes, drops, limit)| {
            (name, limit, scope.spawn(move || time_until_close(address, bytes.as_bytes(), drops)))
        });
        while !slow.iter().all(|(_, _, client)| client.is_finished()) {
            world.amina().track(1).assert_ok();
            thread::sleep(Duration::from_millis(20));
        }
        for (name, limit, client) in slow {
            let (time, response) = client.join().unwrap();
            assert!(time < Duration::from_secs(limit), "{name} was kept for {time:?}");
            let response = String::from_utf8_lossy(&response).into_owned();
            let body = name.contains("body");
            assert_eq!(
                response.starts_with("HTTP/1.1 408"),
                body || response.starts_with("HTTP/1.1 408"),
                "{name}: {response:?}"
            );
        }
        let (time, response) = idle.join().unwrap();
        assert!(response.starts_with(b"HTTP/1.1 200"), "an idle connection had its answer");
        assert!(
            time > Duration::from_secs(2) && time < Duration::from_secs(6),
            "an idle connection was kept for {time:?}"
        );
    });
}

#[test]
fn many_silent_clients_delay_no_other() {
    let world = World::start();
    let silent: Vec<_> = (0..400).map(|_| connect(world.address())).collect();
    let asked = Instant::now();
    for _ in 0..20 {
        world.amina().track(1).assert_ok();
    }
    assert!(asked.elapsed() < Duration::from_secs(4), "20 answers took {:?}", asked.elapsed());
    drop(silent);
}

#[test]
fn endless_bodies_do_not_exhaust_the_memory() {
    let world = World::start();
    let request = world.amina().request("POST", "/").raw_json(vec![b' '; 8 << 20]);
    world.amina().create(&ride_ticket()).assert_ok();
    let before = world.peak_memory();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                request.clone().send().assert_refused(413, "PAYLOAD_TOO_LARGE");
                request.clone().chunked().send().assert_refused(413, "PAYLOAD_TOO_LARGE");
            });
        }
    });
    let grown = world.peak_memory().saturating_sub(before);
    assert!(grown < 16 << 10, "{grown} KiB more");
}

#[test]
fn a_request_needs_exactly_one_host_header() {
    let world = World::start();
    for hosts in ["", "Host: x\r\nHost: y\r\n"] {
        let answer = send_bytes(world.address(), format!("GET /healthz HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"));
        answer.assert_refused(400, "BAD_REQUEST").assert_common_headers();
    }
}

#[test]
fn the_times_to_receive_a_head_and_a_body_are_options() {
    let world = World::plan().with_arguments(&["--head-timeout", "1s", "--body-timeout", "2s"]).start();
    let (silent, _) = time_until_close(world.address(), b"GET /api", b"");
    assert!(silent < Duration::from_secs(8), "a head had {silent:?}");
    let body = world.amina().request("POST", "/").json(&ride_ticket()).send_except(5).read_early_response();
    body.assert_refused(408, "REQUEST_TIMEOUT");
    assert!(body.message().contains(" 2 "), "{body}");
}

#[test]
fn the_time_to_answer_is_an_option() {
    let world = World::plan().with_arguments(&["--response-timeout", "1s", "--body-timeout", "1d"]).start();
    let response = world.amina().request("POST", "/").json(&ride_ticket()).send_except(5).read_early_response();
    response.assert_refused(503, "SUPPORT_TICKET_FAILED");
}
