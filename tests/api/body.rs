//! The body of a request: its type, its size, and JSON read strictly.

use std::io::{Read, Write};

use serde_json::json;

use crate::client::{Ask, connect};
use crate::world::{BASE, World, ride_ticket};

/// The largest body, in bytes.
const LARGEST: usize = 64 * 1024;

/// A good body of so many bytes.
fn padded(length: usize) -> Vec<u8> {
    let mut body = ride_ticket().to_string().into_bytes();
    body.resize(length, b' ');
    body
}

/// The text of a ticket with one unknown member more, written as it stands.
fn with_member(member: &str) -> Vec<u8> {
    let ticket = ride_ticket().to_string();
    format!("{},{member}}}", &ticket[..ticket.len() - 1]).into_bytes()
}

/// Arrays in each other, so many.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[track_caller]
fn is_no_json(ask: Ask) {
    ask.send().is_refused(400, "INVALID_TICKET").blames(&[]);
}

#[test]
fn json_is_taken_by_its_type_with_a_charset_or_without() {
    let world = World::start();
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""] {
        let body = ride_ticket().to_string();
        world.amina().asks("POST", "/").header("Content-Type", kind).body(body).send().is_ok();
    }
}

#[test]
fn any_other_type_is_refused_whatever_the_body_says() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        let ask = || world.amina().asks("POST", path).body(r#"{"ticketId":1}"#);
        ask().send().is_refused(415, "UNSUPPORTED_MEDIA_TYPE").blames(&[]);
        for kind in
            ["", "text/plain", "text/json", "application/jsonp", "application/xml", "application/json2", "json", "*/*"]
        {
            ask().header("Content-Type", kind).send().is_refused(415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
}

#[test]
fn a_type_that_is_named_twice_is_refused() {
    let world = World::start();
    for second in ["application/json", "text/plain"] {
        let ask = world.amina().asks("POST", "/close").raw_json(r#"{"ticketId":1}"#).header("Content-Type", second);
        ask.send().is_refused(415, "UNSUPPORTED_MEDIA_TYPE").blames(&[]);
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
}

#[test]
fn a_body_is_taken_only_as_it_is() {
    let world = World::start();
    let ask = |path: &str| world.amina().asks("POST", path).raw_json(r#"{"ticketId":1}"#);
    for path in ["/", "/escalate", "/close", "/notifications/read"] {
        for coding in ["gzip", "br", "deflate", "identity, gzip", "x"] {
            let refused = ask(path).header("Content-Encoding", coding).send();
            refused.is_refused(415, "UNSUPPORTED_MEDIA_TYPE").blames(&[]);
            assert_eq!(refused.header("accept-encoding"), Some("identity"), "{coding}");
        }
    }
    let twice = ask("/close").header("Content-Encoding", "identity").header("Content-Encoding", "gzip").send();
    twice.is_refused(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
    // Without a body there is nothing that could be encoded.
    world.amina().asks("GET", "/1").header("Content-Encoding", "gzip").send().is_ok();
    ask("/escalate").header("Content-Encoding", "identity").send().is_ok();
    ask("/close").header("Content-Encoding", "Identity, identity").send().is_ok();
}

#[test]
fn a_body_has_up_to_64_kib() {
    let world = World::start();
    for (length, status) in [(LARGEST, 200), (LARGEST + 1, 413), (LARGEST + 5000, 413), (1_000_000, 413)] {
        let ask = world.amina().asks("POST", "/").raw_json(padded(length));
        for ask in [ask.clone(), ask.chunked()] {
            let answer = ask.send();
            answer.is_status(status).names_itself();
            if status == 413 {
                answer.is_refused(413, "PAYLOAD_TOO_LARGE").blames(&[]);
            }
        }
    }
    for path in ["/escalate", "/close"] {
        let ask = world.amina().asks("POST", path).raw_json(padded(LARGEST + 1));
        ask.clone().send().is_refused(413, "PAYLOAD_TOO_LARGE");
        ask.chunked().send().is_refused(413, "PAYLOAD_TOO_LARGE");
    }
}

#[test]
fn a_body_that_says_it_is_too_large_is_refused_before_it_comes() {
    let world = World::start();
    let ask = world.amina().asks("POST", "/").raw_json(padded(1_000_000));
    ask.hold_back(1_000_000).waits().is_refused(413, "PAYLOAD_TOO_LARGE");
}

#[test]
fn a_client_that_asks_first_is_told_to_go_on_only_where_its_body_will_be_read() {
    let world = World::start();
    let body = ride_ticket().to_string();
    let ask = |token: &str, length: usize| {
        let head = format!(
            "POST {BASE}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        );
        let mut stream = connect(world.address());
        stream.write_all(head.as_bytes()).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        (stream, String::from_utf8_lossy(&first).into_owned())
    };
    let token = world.amina().token;
    let (mut stream, first) = ask(&token, body.len());
    assert_eq!(first, "HTTP/1.1 100");
    stream.write_all(body.as_bytes()).unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 200 OK"), "{rest}");
    assert_eq!(ask(&token, LARGEST + 1).1, "HTTP/1.1 413");
    assert_eq!(ask("wrong", body.len()).1, "HTTP/1.1 401");
}

#[test]
fn a_body_may_come_in_chunks() {
    let world = World::start();
    world.amina().asks("POST", "/").raw_json(padded(5000)).chunked().send().is_ok();
    world.amina().asks("POST", "/close").json(&json!({"ticketId": 1})).chunked().send().is_ok();
}

#[test]
fn what_is_no_json_object_is_refused() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        for body in ["", " ", "{", "}", "{}{}", "{} x", "null", "true", "1", "\"text\"", "[]", "[{}]", "{ticketId:1}"] {
            is_no_json(world.amina().asks("POST", path).raw_json(body));
        }
        for body in
            [r#"{"ticketId":1,}"#, r"{'ticketId':1}", r#"{"ticketId":01}"#, r#"{"ticketId":1}//"#, "{\"a\":\"\n\"}"]
        {
            is_no_json(world.amina().asks("POST", path).raw_json(body));
        }
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
}

#[test]
fn a_repeated_member_is_refused_at_any_depth() {
    let world = World::start();
    for member in [
        r#""rideId":1"#,
        r#""rideId":null"#,
        r#""ride\u0049d":2"#,
        r#""x":{"a":1,"a":1}"#,
        r#""x":[[{"a":{"b":1,"b":2}}]]"#,
        r#""x":1,"x":1"#,
    ] {
        is_no_json(world.amina().asks("POST", "/").raw_json(with_member(member)));
    }
    for path in ["/escalate", "/close"] {
        is_no_json(world.amina().asks("POST", path).raw_json(r#"{"ticketId":1,"ticketId":1}"#));
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
}

#[test]
fn json_is_nested_up_to_32_deep() {
    let world = World::start();
    let ask = |depth: usize| {
        let body = with_member(&format!(r#""x":{}"#, nested(depth)));
        world.amina().asks("POST", "/").raw_json(body)
    };
    // The body's own object is the first level.
    ask(31).send().is_ok();
    is_no_json(ask(32));
    is_no_json(ask(200));
    is_no_json(ask(30_000));
    is_no_json(world.amina().asks("POST", "/").raw_json("[".repeat(60_000)));
    is_no_json(world.amina().asks("POST", "/").raw_json(r#"{"a":"#.repeat(12_000)));
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let world = World::start();
    for wrong in [&b"\xff"[..], b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"caf\xe9"] {
        for before in [&b"\"description\":\""[..], b"\"x\":\""] {
            let member = [before, wrong, b"\""].concat();
            let mut body = br#"{"serviceType":"ride","issueType":"OTHER","rideId":1,"#.to_vec();
            if before.starts_with(b"\"x") {
                body.extend(br#""description":"late","#);
            }
            body.extend(member);
            body.push(b'}');
            is_no_json(world.amina().asks("POST", "/").raw_json(body));
        }
    }
}

#[test]
fn half_a_surrogate_pair_is_refused_and_a_whole_one_is_a_sign() {
    let world = World::start();
    let body =
        |words: &str| format!(r#"{{"serviceType":"ride","issueType":"OTHER","rideId":1,"description":"{words}"}}"#);
    for words in [r"\ud83e", r"\udd58", r"\udd58\ud83e", r"\ud83e x", r"\ud83e\u0041", r"\uD800"] {
        is_no_json(world.amina().asks("POST", "/").raw_json(body(words)));
    }
    let opened = world.amina().asks("POST", "/").raw_json(body(r"\ud83e\udd58")).send();
    let id = opened.data()["ticketId"].as_i64().unwrap();
    assert_eq!(world.amina().tracks(id).data()["description"], "🥘");
}

#[test]
fn a_number_that_no_machine_holds_is_refused() {
    let world = World::start();
    is_no_json(world.amina().asks("POST", "/").raw_json(with_member(r#""x":1e400"#)));
    is_no_json(world.amina().asks("POST", "/").raw_json(with_member(r#""x":-1e400"#)));
    is_no_json(world.amina().asks("POST", "/close").raw_json(r#"{"ticketId":1e400}"#));
    world.amina().asks("POST", "/").raw_json(with_member(r#""x":99999999999999999999999"#)).send().is_ok();
}

#[test]
fn white_space_around_the_json_means_nothing() {
    let world = World::start();
    world.amina().asks("POST", "/close").raw_json("\r\n\t { \"ticketId\" :\n1 } \n").send().is_ok();
}

#[test]
fn a_body_that_breaks_off_is_refused_at_once() {
    let world = World::start();
    let token = world.amina().token;
    let head = format!(
        "POST {BASE}/close HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    );
    crate::client::send_bytes(world.address(), head).is_refused(400, "INVALID_TICKET").names_itself();
}

#[test]
fn a_body_that_begins_with_a_byte_order_mark_is_told_so() {
    let world = World::start();
    let answer = world.amina().asks("POST", "/").raw_json(format!("\u{feff}{}", ride_ticket())).send();
    answer.is_refused(400, "INVALID_TICKET").blames(&[]);
    assert!(answer.message().contains("byte order mark"), "{answer}");
}
