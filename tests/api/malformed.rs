//! Invalid, oversized or pathless request heads: answered in the envelope if there is a request line.

use crate::client::{Response, send_bytes};
use crate::world::{BASE, World};

/// Sends a head with a request id and `Accept-Language: fr`.
fn send_head(world: &World, line: &str, headers: &str, body: &str) -> Response {
    let head =
        format!("{line}\r\nHost: x\r\nX-Request-Id: odd-1\r\nAccept-Language: fr\r\nConnection: close\r\n{headers}");
    send_bytes(world.address(), format!("{head}\r\n{body}"))
}

#[track_caller]
fn assert_in_envelope(answer: &Response, status: u16, code: &str) {
    answer.assert_refused(status, code);
    assert_eq!(
        (answer.header("x-request-id"), answer.header("content-language")),
        (Some("odd-1"), Some("fr")),
        "{answer}"
    );
    assert_eq!(answer.header("connection"), Some("close"), "{answer}");
}

#[test]
fn heads_rejected_by_the_http_library_are_answered_in_the_envelope() {
    let world = World::plan().with_arguments(&["--log-format", "json"]).start();
    let get = format!("GET {BASE}/1 HTTP/1.1");
    let post = format!("POST {BASE}/close HTTP/1.1");
    let body = r#"{"ticketId":1}"#;
    let many = (0..120).fold(String::new(), |headers, number| headers + &format!("X-{number}: x\r\n"));
    for (line, headers, code, status) in [
        (get.as_str(), many.as_str(), "HEADERS_TOO_LARGE", 431),
        (&get, &format!("Cookie: {}\r\n", "x".repeat(40_000)), "HEADERS_TOO_LARGE", 431),
        (&format!("GET /{} HTTP/1.1", "x".repeat(10_000)), "", "URI_TOO_LONG", 414),
        (&post, "Content-Length: 2, 2\r\n", "BAD_REQUEST", 400),
        (&post, "Content-Length: x\r\n", "BAD_REQUEST", 400),
        (&post, "Content-Length: 14\r\nContent-Length: 15\r\n", "BAD_REQUEST", 400),
        (&post, "Transfer-Encoding: gzip\r\n", "BAD_REQUEST", 400),
        (&get, "Ho st: x\r\n", "BAD_REQUEST", 400),
        (&format!("GET {BASE}/1 HTTP/1.2"), "", "BAD_REQUEST", 400),
        (&format!("GET {BASE}/1 HTTP/9.9"), "", "BAD_REQUEST", 400),
    ] {
        assert_in_envelope(&send_head(&world, line, headers, body), status, code);
    }
    let target = format!("GET /{} HTTP/1.1", "x".repeat(40_000));
    send_head(&world, &target, "", "").assert_refused(414, "URI_TOO_LONG");
    let logged = world.log_lines("\"request_id\":\"odd-1\"");
    assert!(logged.iter().all(|line| line.contains("\"message\":\"request\"")), "{logged:?}");
}

#[test]
fn an_invalid_request_after_a_valid_one_is_answered_too() {
    let world = World::start();
    let good = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let bad = "GET /healthz HTTP/1.2\r\nHost: x\r\nX-Request-Id: second\r\n\r\n";
    let answers = send_and_read_to_end(&world, &format!("{good}{bad}"));
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
    assert!(answers.starts_with("HTTP/1.1 200") && answers.contains("HTTP/1.1 400"), "{answers}");
    assert!(answers.contains("x-request-id: second") && answers.contains("BAD_REQUEST"), "{answers}");
}

#[test]
fn bytes_after_an_unread_body_are_answered_once() {
    let world = World::start();
    let unread = "POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    for next in ["}", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"] {
        let answers = send_and_read_to_end(&world, &format!("{unread}{next}"));
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
        assert!(answers.starts_with("HTTP/1.1 404") && answers.contains("HTTP/1.1 400"), "{answers}");
    }
}

#[test]
fn an_invalid_chunk_is_answered_and_closes_the_connection() {
    let world = World::start();
    let head = format!(
        "POST /api/customer/mtxi/support HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        world.amina().token
    );
    let answers = send_and_read_to_end(&world, &head);
    assert!(answers.starts_with("HTTP/1.1 400") && answers.contains("connection: close"), "{answers}");
}

/// Sends these bytes, and returns everything up to the end of the connection.
fn send_and_read_to_end(world: &World, bytes: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = crate::client::connect(world.address());
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    answers
}

#[test]
fn bytes_other_than_http_get_a_bare_400() {
    let world = World::start();
    for bytes in ["\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "GET\r\n\r\n", "hello over there\r\n\r\n"] {
        let answer = send_bytes(world.address(), bytes);
        assert_eq!((answer.status, answer.body.len()), (400, 0), "{bytes:?}: {answer}");
    }
}

#[test]
fn a_target_of_any_form_is_answered_and_never_panics() {
    let world = World::plan().with_arguments(&["--log-format", "json"]).start();
    for (method, target, status) in [
        ("CONNECT", "a.example:443", 404),
        ("GET", "a:80", 404),
        ("POST", "a.example:80", 404),
        ("GET", "user@a.example:80", 404),
        ("OPTIONS", "*", 404),
        ("GET", "*", 404),
        ("GET", "http://a.example", 404),
        ("GET", "http://a.example/healthz", 200),
        ("GET", "http://a.example?x", 404),
        ("GET", "//healthz", 404),
        ("GET", "/%ff%00", 404),
        ("GET", "/healthz#x", 200),
    ] {
        let answer = world.request_to(method, target).send();
        assert!([status, 400].contains(&answer.status), "{method} {target}: {answer}");
        if answer.status != 200 {
            let code = if answer.status == 404 { "NOT_FOUND" } else { "BAD_REQUEST" };
            answer.assert_refused(answer.status, code);
        }
    }
    world.request_to("GET", "/end").header("X-Request-Id", "the-end").send().assert_status(404);
    world.log_lines("the-end");
    assert!(!world.log().contains("panicked"), "{}", world.log());
}
