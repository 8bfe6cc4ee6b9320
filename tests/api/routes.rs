//! Paths and methods: what is there, what is not, and what each path takes.

use std::collections::BTreeSet;

use serde_json::json;

use crate::world::{BASE, World, ride_ticket};

#[test]
fn a_ticket_may_be_posted_with_and_without_the_trailing_slash() {
    let world = World::start();
    world.amina().asks("POST", "").json(&ride_ticket()).send().is_ok();
    world.amina().asks("POST", "/").json(&ride_ticket()).send().is_ok();
}

#[test]
fn the_list_is_there_with_and_without_the_trailing_slash() {
    let world = World::start();
    let list = world.amina().asks("GET", "/?limit=3").send().data();
    assert_eq!(world.amina().asks("GET", "?limit=3").send().data(), list);
}

#[test]
fn nothing_is_at_any_other_path() {
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
            let answer = world.asks_at(method, &target).bearer(&token).send();
            assert_eq!(answer.status, 404, "{method} {target}: {answer}");
            answer.is_refused(404, "NOT_FOUND").blames(&[]);
        }
    }
}

#[test]
fn a_path_says_which_methods_it_takes() {
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
            let answer = world.asks_at(method, &target).bearer(&world.amina().token).send();
            answer.is_status(405);
            // The answer to HEAD has no body to look at.
            if *method != "HEAD" {
                answer.is_refused(405, "METHOD_NOT_ALLOWED").blames(&[]);
            }
            let told: BTreeSet<&str> = answer.header("allow").expect("Allow").split(", ").collect();
            assert_eq!(told, allowed, "{method} {target}");
        }
    }
}

#[test]
fn escalate_and_close_are_no_ticket_ids() {
    let world = World::start();
    for path in ["/escalate", "/close"] {
        let answer = world.amina().asks("GET", path).send();
        assert_eq!(answer.is_refused(405, "METHOD_NOT_ALLOWED").header("allow"), Some("POST"));
    }
}

#[test]
fn a_query_parameter_that_is_unknown_or_repeated_is_refused_by_its_name() {
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
        amina.asks("GET", target).send().is_refused(400, "INVALID_TICKET").blames(&[named]);
        world.asks("GET", target).send().is_status(401);
    }
    for path in ["/", "/escalate", "/close", "/notifications/read"] {
        let ask = amina.asks("POST", &format!("{path}?ticketId=9&x")).json(&json!({"ticketId": 1}));
        ask.send().is_refused(400, "INVALID_TICKET").blames(&["ticketId", "x"]);
    }
    for target in ["/healthz?x", "/readyz?x"] {
        world.asks_at("GET", target).send().is_refused(400, "INVALID_TICKET").blames(&["x"]);
    }
    let message = amina.lists("?staus=OPEN").message();
    assert!(message.contains("status, limit, cursor"), "{message}");
    assert_eq!(amina.tracks(1).data()["status"], "OPEN");
    amina.asks("GET", "/1?").send().is_ok();
}
