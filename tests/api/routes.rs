//! Paths and methods: known paths, unknown paths, and allowed methods.

use std::collections::BTreeSet;

use serde_json::json;

use crate::world::{BASE, World, ride_ticket};

#[test]
fn a_create_has_an_optional_trailing_slash() {
    let world = World::start();
    world.amina().request("POST", "").json(&ride_ticket()).send().assert_ok();
    world.amina().request("POST", "/").json(&ride_ticket()).send().assert_ok();
}

#[test]
fn the_list_has_an_optional_trailing_slash() {
    let world = World::start();
    let list = world.amina().request("GET", "/?limit=3").send().data();
    assert_eq!(world.amina().request("GET", "?limit=3").send().data(), list);
}

#[test]
fn any_other_path_is_not_found() {
    let world = World::start();
    let base_parts: Vec<&str> = BASE.split('/').collect();
    let mut targets: Vec<String> = (1..base_parts.len()).map(|parts| base_parts[..parts].join("/")).collect();
    targets[0] = "/".to_owned();
    targets.extend(["/1/2", "/1/escalate", "/escalate/1", "x", "x/1"].map(|path| format!("{BASE}{path}")));
    targets.extend([
        BASE.to_uppercase(),
        format!("/{BASE}"),
        format!("{BASE}//1"),
        "/health".into(),
        "/healthz/1".into(),
    ]);
    for target in targets {
        let token = world.amina().token;
        for method in ["GET", "POST", "OPTIONS", "DELETE"] {
            let answer = world.request_to(method, &target).bearer(&token).send();
            assert_eq!(answer.status, 404, "{method} {target}: {answer}");
            answer.assert_refused(404, "NOT_FOUND").assert_fields(&[]);
        }
    }
}

#[test]
fn a_path_states_its_allowed_methods() {
    let world = World::start();
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"];
    for (target, allowed) in [
        (BASE.to_owned(), "GET, HEAD, POST"),
        (format!("{BASE}/"), "GET, HEAD, POST"),
        (format!("{BASE}/escalate"), "POST"),
        (format!("{BASE}/close"), "POST"),
        (format!("{BASE}/1"), "GET, HEAD"),
        ("/healthz".to_owned(), "GET, HEAD"),
        ("/readyz".to_owned(), "GET, HEAD"),
    ] {
        let allowed: BTreeSet<&str> = allowed.split(", ").collect();
        for method in methods.iter().filter(|method| !allowed.contains(**method)) {
            let answer = world.request_to(method, &target).bearer(&world.amina().token).send();
            answer.assert_status(405);
            // The response to HEAD has no body.
            if *method != "HEAD" {
                answer.assert_refused(405, "METHOD_NOT_ALLOWED").assert_fields(&[]);
            }
            let told: BTreeSet<&str> = answer.header("allow").expect("Allow").split(", ").collect();
            assert_eq!(told, allowed, "{method} {target}");
        }
    }
}

#[test]
fn escalate_and_close_are_not_ticket_ids() {
    let world = World::start();
    for path in ["/escalate", "/close"] {
        let answer = world.amina().request("GET", path).send();
        assert_eq!(answer.assert_refused(405, "METHOD_NOT_ALLOWED").header("allow"), Some("POST"));
    }
}

#[test]
fn an_unknown_or_repeated_query_parameter_is_refused_by_name() {
    let world = World::start();
    let amina = world.amina();
    for (target, named) in [
        ("/?limit=1&limit=2", "limit"),
        ("/?status[]=OPEN", "status[]"),
        ("/?status=OPEN&status=CLOSED", "status"),
        ("/?Limit=1", "Limit"),
        ("/1?limit=5", "limit"),
        ("/events?lastEventId=5", "lastEventId"),
        ("/notifications?status=OPEN", "status"),
        ("/notifications?unread=true&unread=false", "unread"),
    ] {
        amina.request("GET", target).send().assert_refused(400, "INVALID_TICKET").assert_fields(&[named]);
        world.request("GET", target).send().assert_status(401);
    }
    for path in ["/", "/escalate", "/close", "/notifications/read"] {
        let request = amina.request("POST", &format!("{path}?ticketId=9&x")).json(&json!({"ticketId": 1}));
        request.send().assert_refused(400, "INVALID_TICKET").assert_fields(&["ticketId", "x"]);
    }
    for target in ["/healthz?x", "/readyz?x"] {
        world.request_to("GET", target).send().assert_refused(400, "INVALID_TICKET").assert_fields(&["x"]);
    }
    let message = amina.list("?staus=OPEN").message();
    assert!(message.contains("status, limit, cursor"), "{message}");
    assert_eq!(amina.track(1).data()["status"], "OPEN");
    amina.request("GET", "/1?").send().assert_ok();
}
