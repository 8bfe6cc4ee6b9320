//! Common parts of all responses: request id, language, envelope and cache headers.

use serde_json::json;

use crate::client::Response;
use crate::world::{World, ride_ticket};

/// Returns one response of each status that a request can cause on a healthy server, with this request id.
fn responses(world: &World, id: Option<&str>) -> Vec<(u16, Response)> {
    let amina = world.amina();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    let tag = amina.track(1).header("etag").unwrap().to_owned();
    let requests = vec![
        (200, amina.request("GET", "/1")),
        (200, amina.request("GET", "/")),
        (200, amina.request("POST", "/").json(&ride_ticket())),
        (200, world.request_to("GET", "/healthz")),
        (200, world.request_to("GET", "/readyz")),
        (304, amina.request("GET", "/1").header("If-None-Match", &tag)),
        (400, amina.request("GET", "/abc")),
        (400, amina.request("POST", "/").raw_json("{")),
        (401, world.request("GET", "/1")),
        (403, blind.request("GET", "/1")),
        (404, amina.request("GET", "/4242")),
        (404, world.request_to("GET", "/nowhere")),
        (405, amina.request("DELETE", "/")),
        (413, amina.request("POST", "/").raw_json("x".repeat(70_000))),
        (414, amina.request("GET", &format!("/?x={}", "x".repeat(3000)))),
        (415, amina.request("POST", "/").body("{}")),
    ];
    let send = |(status, request): (u16, crate::client::Request)| {
        (status, id.map_or(request.clone(), |id| request.header("X-Request-Id", id)).send())
    };
    requests.into_iter().map(send).collect()
}

#[test]
fn every_response_carries_the_callers_request_id() {
    let world = World::start();
    for (status, answer) in responses(&world, Some("caller.ID_1-x")) {
        answer.assert_status(status).assert_common_headers();
        assert_eq!(answer.header("x-request-id"), Some("caller.ID_1-x"), "{answer}");
        assert_eq!(answer.header("content-language"), Some("en"), "{answer}");
        if status >= 400 {
            assert_eq!(answer.json()["requestId"], "caller.ID_1-x");
        }
    }
}

#[test]
fn every_response_carries_a_generated_request_id_by_default() {
    let world = World::start();
    let mut ids = std::collections::BTreeSet::new();
    for (status, answer) in responses(&world, None) {
        answer.assert_status(status).assert_common_headers();
        assert!(ids.insert(answer.header("x-request-id").unwrap().to_owned()), "each is new");
    }
}

#[test]
fn an_invalid_request_id_is_replaced() {
    let world = World::start();
    let long = "a".repeat(129);
    for id in ["", " ", "a b", "a/b", "a\"b", "é", "a,b", "<script>", "a;b", &long] {
        let answer = world.amina().request("GET", "/4242").header("X-Request-Id", id).send();
        answer.assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
        assert_ne!(answer.header("x-request-id"), Some(id));
    }
    for id in ["a", "0", "-", "A.b_C-9", &"a".repeat(128)] {
        let answer = world.amina().request("GET", "/1").header("X-Request-Id", id).send();
        assert_eq!(answer.header("x-request-id"), Some(id));
    }
}

#[test]
fn the_error_envelope_matches_the_contract_exactly() {
    let world = World::start();
    let request = |path: &str| world.amina().request("POST", path).header("X-Request-Id", "r-1");
    assert_eq!(
        request("/close").json(&json!({"ticketId": 26})).send().text(),
        concat!(
            r#"{"status":"error","code":"SUPPORT_TICKET_FAILED","message":"Ticket 26 is closed already","#,
            r#""details":[{"message":"Ticket 26 is closed already","reason":"ALREADY_CLOSED"}],"requestId":"r-1"}"#
        )
    );
    let mut body = ride_ticket();
    body["rideId"] = 99.into();
    assert_eq!(
        request("/").json(&body).send().text(),
        concat!(
            r#"{"status":"error","code":"RIDE_NOT_FOUND","message":"Ride 99 was not found","#,
            r#""details":[{"field":"rideId","message":"Ride 99 was not found"}],"requestId":"r-1"}"#
        )
    );
}

#[test]
fn responses_are_not_cacheable() {
    let world = World::start();
    for (_, answer) in responses(&world, None) {
        let control = answer.header("cache-control").unwrap_or_else(|| panic!("no Cache-Control: {answer}"));
        assert!(control.contains("no-store") || control.contains("private"), "{answer}");
    }
}

#[test]
fn connections_are_reused() {
    use std::io::{Read, Write};
    let world = World::start();
    let mut stream = crate::client::connect(world.address());
    let target = format!("{}/1", crate::world::BASE);
    let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n", world.amina().token);
    // The last of three requests `Connection: close`, so that all can be read to the end.
    for end in ["\r\n", "\r\n", "Connection: close\r\n\r\n"] {
        stream.write_all(format!("{request}{end}").as_bytes()).unwrap();
    }
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3, "{answers}");
}
