//! Request log on standard error: one line per request, without secrets.

use std::fs;

use serde_json::{Value, json};

use crate::client::Request;
use crate::executable::attempt_with;
use crate::world::{World, ride_ticket};

/// Returns requests of every kind with the expected log fields: method, route, status, customer.
fn requests(world: &World) -> Vec<(Request, &'static str, &'static str, u16, Option<i64>)> {
    let noah = world.customer(11);
    let mut ride = ride_ticket();
    ride["rideId"] = 11.into();
    vec![
        (noah.request("POST", "/").json(&ride), "POST", "/", 200, Some(11)),
        (noah.request("GET", "/8"), "GET", "/{ticketId}", 200, Some(11)),
        (noah.request("HEAD", "/8"), "HEAD", "/{ticketId}", 200, Some(11)),
        (noah.request("GET", "/"), "GET", "/", 200, Some(11)),
        (noah.request("POST", "/close").json(&json!({"ticketId": 8})), "POST", "/close", 200, Some(11)),
        (noah.request("POST", "/escalate").json(&json!({"ticketId": 8})), "POST", "/escalate", 400, Some(11)),
        (noah.request("GET", "/4242"), "GET", "/{ticketId}", 404, Some(11)),
        (noah.request("POST", "/").raw_json("x".repeat(70_000)), "POST", "/", 413, Some(11)),
        (world.request("GET", "/8"), "GET", "/{ticketId}", 401, None),
        (world.request("DELETE", "/8"), "DELETE", "/{ticketId}", 405, None),
        (world.request_to("GET", "/nowhere"), "GET", "", 404, None),
        (world.request_to("GET", "/healthz"), "GET", "/healthz", 200, None),
    ]
}

#[test]
fn each_request_is_one_log_line_with_caller_route_and_status() {
    let world = World::start();
    for (number, (request, method, route, status, customer)) in requests(&world).into_iter().enumerate() {
        let id = format!("request-{number:03}");
        request.header("X-Request-Id", &id).send().assert_status(status);
        let lines = world.log_lines(&id);
        assert_eq!(lines.len(), 1, "{lines:#?}");
        let line = &lines[0];
        let who = customer.map_or(String::new(), |id| format!("principal=customer:{id}"));
        for part in [method, route, &status.to_string(), &who] {
            assert!(line.contains(part), "{part:?} in {line}");
        }
    }
}

#[test]
fn each_line_of_a_json_log_is_one_object() {
    let world = World::plan().with_arguments(&["--log-format", "json"]).start();
    for (number, (request, method, route, status, customer)) in requests(&world).into_iter().enumerate() {
        let id = format!("request-{number:03}");
        request.header("X-Request-Id", &id).send().assert_status(status);
        let lines = world.log_lines(&id);
        assert_eq!(lines.len(), 1, "{lines:#?}");
        let line: Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(line["method"], method, "{line}");
        assert!(line["route"].as_str().is_some_and(|logged| logged.ends_with(route)), "{line}");
        assert_eq!(line["status"], status, "{line}");
        assert_eq!(line["request_id"], id, "{line}");
        let principal = customer.map(|id| format!("customer:{id}"));
        assert_eq!(line.get("principal").and_then(Value::as_str), principal.as_deref(), "{line}");
    }
    for line in world.log().lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()), "{line}");
    }
}

#[test]
fn neither_tokens_nor_customer_text_are_logged() {
    for format in ["text", "json"] {
        let world = World::plan().with_arguments(&["--log-format", format]).start();
        let amina = world.amina();
        let secret = "canary-in-the-mine";
        let id = amina.create_group_ticket(secret, &[2]);
        amina.track(id).assert_ok();
        amina.list(&format!("?cursor={secret}")).assert_status(400);
        amina.request("GET", &format!("/{secret}")).send().assert_status(400);
        amina.request("GET", &format!("/1?{secret}={}", amina.token)).send().assert_status(400);
        amina.request("POST", "/").raw_json(format!(r#"{{"{secret}":1,"{secret}":1}}"#)).send().assert_status(400);
        amina.request("POST", "/").header("X-Secret", secret).raw_json(secret).send().assert_status(400);
        amina.request(secret, "/").send().assert_status(405);
        world.request_to("GET", &format!("/{secret}")).send().assert_status(404);
        world.actor_with_token(secret).track(1).assert_status(401);
        amina.request("GET", "/1").bearer(&amina.token).send().assert_status(400);
        let lock = world.lock_store();
        let last = amina.request("POST", "/").header("X-Request-Id", "last").json(&ride_ticket()).send();
        last.assert_status(503);
        drop(lock);
        world.log_lines("last");
        let log = world.log();
        for secret in [secret, amina.token.as_str(), &amina.token[4..20], "charged twice", "Bearer"] {
            assert!(!log.contains(secret), "{format}: {secret} in {log}");
        }
    }
}

#[test]
fn client_input_cannot_forge_a_log_line() {
    let world = World::plan().with_arguments(&["--log-format", "json"]).start();
    let forged = "x%0d%0a{\"status\":200}%1b[31m";
    world.request("GET", &format!("/{forged}")).header("User-Agent", "\u{9b}[31m\\n").send().assert_status(401);
    world.request("GET", "/1").header("X-Request-Id", "a\\nb\"}").send().assert_status(401);
    world.request_to("GET", "/end").header("X-Request-Id", "the-end").send().assert_status(404);
    world.log_lines("the-end");
    assert!(!world.log().contains('\u{1b}'));
    for line in world.log().lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()), "{line}");
    }
}

#[test]
fn the_store_holds_only_digests_of_tokens() {
    let world = World::start();
    let amina = world.customer_with(1, &[]);
    amina.create_ride_ticket("words that are kept");
    let mut found = false;
    for file in fs::read_dir(world.file().parent().unwrap()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(&amina.token) && !holds(&amina.token[4..24]));
        found |= holds("words that are kept");
    }
    assert!(found, "the store's files were looked at");
}

#[test]
fn a_bind_address_other_than_loopback_is_warned_about() {
    let warning = "listening beyond this machine, without TLS";
    let world = World::plan().with_arguments(&["--bind", "0.0.0.0:0"]).start();
    assert_eq!(world.log_lines(warning).len(), 1);
    let world = World::start();
    world.log_lines("serving");
    assert!(!world.log().contains(warning));
}

#[test]
fn an_invalid_log_filter_is_reported_and_logging_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let output = attempt_with(folder.path(), &[("RUST_LOG", "a=b=c")], &["serve", "--jwks", "none.json"]);
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("RUST_LOG is not understood: write it like info or support=debug"), "{log}");
    let output = attempt_with(folder.path(), &[("RUST_LOG", " ")], &["serve", "--jwks", "none.json"]);
    assert!(!String::from_utf8(output.stderr).unwrap().contains("RUST_LOG"));
}
