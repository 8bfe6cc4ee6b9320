//! Request bodies: content type, size and strict JSON.

use std::io::{Read, Write};

use serde_json::json;

use crate::client::{Request, connect};
use crate::world::{BASE, World, ride_ticket};

/// Maximum size of a body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Returns a valid body of this length, in bytes.
fn padded(length: usize) -> Vec<u8> {
    let mut body = ride_ticket().to_string().into_bytes();
    body.resize(length, b' ');
    body
}

/// Returns the JSON text of a ticket with one additional member, inserted verbatim.
fn with_member(member: &str) -> Vec<u8> {
    let ticket = ride_ticket().to_string();
    format!("{},{member}}}", &ticket[..ticket.len() - 1]).into_bytes()
}

/// Returns JSON of nested arrays.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[track_caller]
fn assert_invalid_json(request: Request) {
    request.send().assert_refused(400, "INVALID_TICKET").assert_fields(&[]);
}

#[test]
fn json_is_accepted_with_and_without_a_charset() {
    let world = World::start();
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""] {
        let body = ride_ticket().to_string();
        world.amina().request("POST", "/").header("Content-Type", kind).body(body).send().assert_ok();
    }
}

#[test]
fn any_other_content_type_is_refused() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        let request = || world.amina().request("POST", path).body(r#"{"ticketId":1}"#);
        request().send().assert_refused(415, "UNSUPPORTED_MEDIA_TYPE").assert_fields(&[]);
        for kind in
            ["", "text/plain", "text/json", "application/jsonp", "application/xml", "application/json2", "json", "*/*"]
        {
            request().header("Content-Type", kind).send().assert_refused(415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
}

#[test]
fn a_repeated_content_type_is_refused() {
    let world = World::start();
    for second in ["application/json", "text/plain"] {
        let request =
            world.amina().request("POST", "/close").raw_json(r#"{"ticketId":1}"#).header("Content-Type", second);
        request.send().assert_refused(415, "UNSUPPORTED_MEDIA_TYPE").assert_fields(&[]);
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
}

#[test]
fn an_encoded_body_is_refused() {
    let world = World::start();
    let request = |path: &str| world.amina().request("POST", path).raw_json(r#"{"ticketId":1}"#);
    for path in ["/", "/escalate", "/close", "/notifications/read"] {
        for coding in ["gzip", "br", "deflate", "identity, gzip", "x"] {
            let refused = request(path).header("Content-Encoding", coding).send();
            refused.assert_refused(415, "UNSUPPORTED_MEDIA_TYPE").assert_fields(&[]);
            assert_eq!(refused.header("accept-encoding"), Some("identity"), "{coding}");
        }
    }
    let twice = request("/close").header("Content-Encoding", "identity").header("Content-Encoding", "gzip").send();
    twice.assert_refused(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
    // An empty body cannot be encoded.
    world.amina().request("GET", "/1").header("Content-Encoding", "gzip").send().assert_ok();
    request("/escalate").header("Content-Encoding", "identity").send().assert_ok();
    request("/close").header("Content-Encoding", "Identity, identity").send().assert_ok();
}

#[test]
fn a_body_has_at_most_64_kib() {
    let world = World::start();
    for (length, status) in [(MAX_BODY, 200), (MAX_BODY + 1, 413), (MAX_BODY + 5000, 413), (1_000_000, 413)] {
        let request = world.amina().request("POST", "/").raw_json(padded(length));
        for request in [request.clone(), request.chunked()] {
            let answer = request.send();
            answer.assert_status(status).assert_common_headers();
            if status == 413 {
                answer.assert_refused(413, "PAYLOAD_TOO_LARGE").assert_fields(&[]);
            }
        }
    }
    for path in ["/escalate", "/close"] {
        let request = world.amina().request("POST", path).raw_json(padded(MAX_BODY + 1));
        request.clone().send().assert_refused(413, "PAYLOAD_TOO_LARGE");
        request.chunked().send().assert_refused(413, "PAYLOAD_TOO_LARGE");
    }
}

#[test]
fn a_body_with_a_too_large_content_length_is_refused_before_it_is_sent() {
    let world = World::start();
    let request = world.amina().request("POST", "/").raw_json(padded(1_000_000));
    request.send_except(1_000_000).read_early_response().assert_refused(413, "PAYLOAD_TOO_LARGE");
}

#[test]
fn a_100_continue_is_sent_only_if_the_body_will_be_read() {
    let world = World::start();
    let body = ride_ticket().to_string();
    let request = |token: &str, length: usize| {
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
    let (mut stream, first) = request(&token, body.len());
    assert_eq!(first, "HTTP/1.1 100");
    stream.write_all(body.as_bytes()).unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 200 OK"), "{rest}");
    assert_eq!(request(&token, MAX_BODY + 1).1, "HTTP/1.1 413");
    assert_eq!(request("wrong", body.len()).1, "HTTP/1.1 401");
}

#[test]
fn a_chunked_body_is_accepted() {
    let world = World::start();
    world.amina().request("POST", "/").raw_json(padded(5000)).chunked().send().assert_ok();
    world.amina().request("POST", "/close").json(&json!({"ticketId": 1})).chunked().send().assert_ok();
}

#[test]
fn a_body_other_than_a_json_object_is_refused() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        for body in ["", " ", "{", "}", "{}{}", "{} x", "null", "true", "1", "\"text\"", "[]", "[{}]", "{ticketId:1}"] {
            assert_invalid_json(world.amina().request("POST", path).raw_json(body));
        }
        for body in
            [r#"{"ticketId":1,}"#, r"{'ticketId':1}", r#"{"ticketId":01}"#, r#"{"ticketId":1}//"#, "{\"a\":\"\n\"}"]
        {
            assert_invalid_json(world.amina().request("POST", path).raw_json(body));
        }
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
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
        assert_invalid_json(world.amina().request("POST", "/").raw_json(with_member(member)));
    }
    for path in ["/escalate", "/close"] {
        assert_invalid_json(world.amina().request("POST", path).raw_json(r#"{"ticketId":1,"ticketId":1}"#));
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
}

#[test]
fn json_has_at_most_32_levels() {
    let world = World::start();
    let request = |depth: usize| {
        let body = with_member(&format!(r#""x":{}"#, nested(depth)));
        world.amina().request("POST", "/").raw_json(body)
    };
    // The body's own object is the first level.
    request(31).send().assert_ok();
    assert_invalid_json(request(32));
    assert_invalid_json(request(200));
    assert_invalid_json(request(30_000));
    assert_invalid_json(world.amina().request("POST", "/").raw_json("[".repeat(60_000)));
    assert_invalid_json(world.amina().request("POST", "/").raw_json(r#"{"a":"#.repeat(12_000)));
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
            assert_invalid_json(world.amina().request("POST", "/").raw_json(body));
        }
    }
}

#[test]
fn a_lone_surrogate_is_refused_and_a_pair_is_one_character() {
    let world = World::start();
    let body =
        |words: &str| format!(r#"{{"serviceType":"ride","issueType":"OTHER","rideId":1,"description":"{words}"}}"#);
    for words in [r"\ud83e", r"\udd58", r"\udd58\ud83e", r"\ud83e x", r"\ud83e\u0041", r"\uD800"] {
        assert_invalid_json(world.amina().request("POST", "/").raw_json(body(words)));
    }
    let opened = world.amina().request("POST", "/").raw_json(body(r"\ud83e\udd58")).send();
    let id = opened.data()["ticketId"].as_i64().unwrap();
    assert_eq!(world.amina().track(id).data()["description"], "🥘");
}

#[test]
fn a_number_out_of_range_is_refused() {
    let world = World::start();
    assert_invalid_json(world.amina().request("POST", "/").raw_json(with_member(r#""x":1e400"#)));
    assert_invalid_json(world.amina().request("POST", "/").raw_json(with_member(r#""x":-1e400"#)));
    assert_invalid_json(world.amina().request("POST", "/close").raw_json(r#"{"ticketId":1e400}"#));
    world.amina().request("POST", "/").raw_json(with_member(r#""x":99999999999999999999999"#)).send().assert_ok();
}

#[test]
fn white_space_around_the_json_is_ignored() {
    let world = World::start();
    world.amina().request("POST", "/close").raw_json("\r\n\t { \"ticketId\" :\n1 } \n").send().assert_ok();
}

#[test]
fn an_incomplete_body_is_refused_immediately() {
    let world = World::start();
    let token = world.amina().token;
    let head = format!(
        "POST {BASE}/close HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    );
    crate::client::send_bytes(world.address(), head).assert_refused(400, "INVALID_TICKET").assert_common_headers();
}

#[test]
fn a_byte_order_mark_is_refused_with_its_own_message() {
    let world = World::start();
    let answer = world.amina().request("POST", "/").raw_json(format!("\u{feff}{}", ride_ticket())).send();
    answer.assert_refused(400, "INVALID_TICKET").assert_fields(&[]);
    assert!(answer.message().contains("byte order mark"), "{answer}");
}
