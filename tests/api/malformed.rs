//! Heads that are no HTTP/1.1, too large, or aimed at no path: answered in the envelope wherever a request line can be read.

use crate::client::{Response, send_bytes};
use crate::world::{BASE, World};

/// The answer to a head that names its request and wants French.
fn sends(world: &World, line: &str, headers: &str, body: &str) -> Response {
    let head =
        format!("{line}\r\nHost: x\r\nX-Request-Id: odd-1\r\nAccept-Language: fr\r\nConnection: close\r\n{headers}");
    send_bytes(world.address(), format!("{head}\r\n{body}"))
}

#[track_caller]
fn is_in_envelope(answer: &Response, status: u16, code: &str) {
    answer.is_refused(status, code);
    assert_eq!(
        (answer.header("x-request-id"), answer.header("content-language")),
        (Some("odd-1"), Some("fr")),
        "{answer}"
    );
    assert_eq!(answer.header("connection"), Some("close"), "{answer}");
}

#[test]
fn what_the_library_refuses_by_itself_is_answered_in_the_envelope() {
    let world = World::plan().serving(&["--log-format", "json"]).start();
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
        is_in_envelope(&sends(&world, line, headers, body), status, code);
    }
    let target = format!("GET /{} HTTP/1.1", "x".repeat(40_000));
    sends(&world, &target, "", "").is_refused(414, "URI_TOO_LONG");
    let logged = world.log_lines("\"request_id\":\"odd-1\"");
    assert!(logged.iter().all(|line| line.contains("\"message\":\"request\"")), "{logged:?}");
}

#[test]
fn a_request_that_follows_a_good_one_is_answered_as_well() {
    let world = World::start();
    let good = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let bad = "GET /healthz HTTP/1.2\r\nHost: x\r\nX-Request-Id: second\r\n\r\n";
    let answers = everything(&world, &format!("{good}{bad}"));
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
    assert!(answers.starts_with("HTTP/1.1 200") && answers.contains("HTTP/1.1 400"), "{answers}");
    assert!(answers.contains("x-request-id: second") && answers.contains("BAD_REQUEST"), "{answers}");
}

#[test]
fn what_follows_a_body_that_nobody_read_is_answered_once() {
    let world = World::start();
    let unread = "POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    for next in ["}", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"] {
        let answers = everything(&world, &format!("{unread}{next}"));
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
        assert!(answers.starts_with("HTTP/1.1 404") && answers.contains("HTTP/1.1 400"), "{answers}");
    }
}

#[test]
fn a_body_that_breaks_while_it_is_read_ends_the_connection_with_its_answer() {
    let world = World::start();
    let head = format!(
        "POST /api/customer/mtxi/support HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        world.amina().token
    );
    let answers = everything(&world, &head);
    assert!(answers.starts_with("HTTP/1.1 400") && answers.contains("connection: close"), "{answers}");
}

/// Everything that is answered to some bytes until the server ends the connection.
fn everything(world: &World, bytes: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = crate::client::connect(world.address());
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    answers
}

#[test]
fn what_is_no_http_gets_a_bare_400() {
    let world = World::start();
    for bytes in ["\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "GET\r\n\r\n", "hello over there\r\n\r\n"] {
        let answer = send_bytes(world.address(), bytes);
        assert_eq!((answer.status, answer.body.len()), (400, 0), "{bytes:?}: {answer}");
    }
}

#[test]
fn a_target_of_any_form_is_answered_and_never_panics() {
    let world = World::plan().serving(&["--log-format", "json"]).start();
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
        let answer = world.asks_at(method, target).send();
        assert!([status, 400].contains(&answer.status), "{method} {target}: {answer}");
        if answer.status != 200 {
            let code = if answer.status == 404 { "NOT_FOUND" } else { "BAD_REQUEST" };
            answer.is_refused(answer.status, code);
        }
    }
    world.asks_at("GET", "/end").header("X-Request-Id", "the-end").send().is_status(404);
    world.log_lines("the-end");
    assert!(!world.log().contains("panicked"), "{}", world.log());
}
