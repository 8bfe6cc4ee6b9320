//! Who is asking: tokens good and bad, roles, permissions, and what a refused caller learns (RFC 6750).

use std::time::Duration;

use serde_json::json;

use crate::client::{Ask, Response};
use crate::world::{Actor, World, eventually, ride_ticket};

const BARE: &str = r#"Bearer realm="support""#;
const INVALID: &str = r#"Bearer realm="support", error="invalid_token""#;
const INSUFFICIENT: &str = r#"Bearer realm="support", error="insufficient_scope""#;

/// Each endpoint with the permission it needs, asked by this caller.
fn endpoints(caller: &Actor<'_>) -> [(&'static str, Ask); 5] {
    [
        ("create_support_ticket", caller.asks("POST", "/").json(&ride_ticket())),
        ("track_support_ticket", caller.asks("GET", "/1")),
        ("track_support_ticket", caller.asks("GET", "/")),
        ("escalate_support_ticket", caller.asks("POST", "/escalate").json(&json!({"ticketId": 1}))),
        ("close_support_ticket", caller.asks("POST", "/close").json(&json!({"ticketId": 1}))),
    ]
}

#[track_caller]
fn is_unauthorized(answer: &Response, challenge: &str) {
    answer.is_refused(401, "UNAUTHORIZED").blames(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

#[track_caller]
fn is_forbidden(answer: &Response) {
    answer.is_refused(403, "PERMISSION_DENIED").blames(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(INSUFFICIENT));
}

#[test]
fn without_a_token_every_endpoint_asks_for_one() {
    let world = World::start();
    for (method, path) in [("POST", "/"), ("GET", "/"), ("GET", "/1"), ("POST", "/escalate"), ("POST", "/close")] {
        is_unauthorized(&world.asks(method, path).send(), BARE);
    }
}

#[test]
fn another_scheme_is_no_token() {
    let world = World::start();
    let answer = world.asks("GET", "/1").header("Authorization", "Basic YW1pbmE6c2VjcmV0").send();
    is_unauthorized(&answer, BARE);
}

#[test]
fn a_malformed_token_is_invalid() {
    let world = World::start();
    let good = world.amina().token;
    let mut typed = good.clone().into_bytes();
    typed[10] = if typed[10] == b'a' { b'b' } else { b'a' };
    let typed = String::from_utf8(typed).unwrap();
    let tokens = [
        "x",
        "sup_",
        "null",
        "1",
        &typed,
        &good[..39],
        &format!("{good}a"),
        &good.to_uppercase(),
        &format!("{good},{good}"),
    ]
    .map(str::to_owned);
    for token in tokens {
        is_unauthorized(&world.holder_of(&token).tracks(1), INVALID);
    }
}

#[test]
fn a_scheme_without_a_token_is_no_good_one() {
    let world = World::start();
    for value in ["Bearer", "Bearer ", "bearer", ""] {
        let answer = world.asks("GET", "/1").header("Authorization", value).send();
        answer.is_refused(401, "UNAUTHORIZED");
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with(BARE)), "{answer}");
    }
}

#[test]
fn a_token_of_another_store_is_invalid() {
    let elsewhere = World::start();
    let foreign = elsewhere.customer_with(1, &[]);
    foreign.tracks(1).is_ok();
    let world = World::start();
    is_unauthorized(&world.holder_of(&foreign.token).tracks(1), INVALID);
}

#[test]
fn a_token_is_invalid_from_the_second_it_expires() {
    let world = World::start();
    let record = world.token_record(1, &["--expires", "1s"]);
    let holder = world.holder_of(record["token"].as_str().unwrap());
    let expires: jiff::Timestamp = record["expiresAt"].as_str().unwrap().parse().unwrap();
    let refused = eventually(Duration::from_secs(5), || {
        let asked = jiff::Timestamp::now();
        let answer = holder.tracks(1);
        if answer.status == 200 {
            assert!(asked < expires, "good after its time");
            return None;
        }
        assert!(jiff::Timestamp::now() >= expires, "bad before its time");
        Some(answer)
    });
    is_unauthorized(&refused, INVALID);
    world.amina().tracks(1).is_ok();
}

#[test]
fn a_revoked_token_is_invalid_from_the_next_request_on() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let holder = world.holder_of(record["token"].as_str().unwrap());
    holder.tracks(1).is_ok();
    world.runs(&["token", "revoke", &record["tokenId"].to_string()]);
    for (_, ask) in endpoints(&holder) {
        is_unauthorized(&ask.send(), INVALID);
    }
    world.amina().tracks(1).is_ok();
}

#[test]
fn what_a_token_is_worth_is_asked_of_the_store_at_each_request() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let holder = world.holder_of(record["token"].as_str().unwrap());
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let set = |change: &str| {
        let changed = store.execute(&format!("UPDATE tokens SET {change} WHERE id = ?1"), [record["tokenId"].as_i64()]);
        assert_eq!(changed, Ok(1));
    };
    for _ in 0..20 {
        holder.tracks(1).is_ok();
        set("permissions = 0");
        is_forbidden(&holder.tracks(1));
        set("permissions = 15, role = 'driver'");
        is_forbidden(&holder.tracks(1));
        set("role = 'customer', expires_at = 0");
        is_unauthorized(&holder.tracks(1), INVALID);
        set("expires_at = 253402207200, customer_id = 5");
        holder.tracks(1).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
        set("customer_id = 1");
    }
    set("revoked_at = 0");
    is_unauthorized(&holder.tracks(1), INVALID);
}

#[test]
fn a_token_of_another_principal_than_a_customer_is_refused_by_its_role() {
    let world = World::start();
    for (kind, name) in [("agent", "maria"), ("service", "catalog")] {
        let record = world.token_record(1, &[]);
        let change = "UPDATE tokens SET principal_kind = ?1, customer_id = NULL, principal_name = ?2, role = ?1,
            permissions = 0 WHERE id = ?3";
        let store = rusqlite::Connection::open(world.file()).unwrap();
        assert_eq!(store.execute(change, (kind, name, record["tokenId"].as_i64())), Ok(1));
        let holder = world.holder_of(record["token"].as_str().unwrap());
        let id = format!("by-{kind}");
        is_forbidden(&holder.asks("GET", "/1").header("X-Request-Id", &id).send());
        assert!(world.log_lines(&id)[0].contains(&format!("principal={kind}:{name}")));
        for (_, ask) in endpoints(&holder) {
            is_forbidden(&ask.send());
        }
    }
}

#[test]
fn a_token_issued_while_the_server_runs_is_good_at_once() {
    let world = World::start();
    world.customer_with(1, &[]).tracks(1).is_ok();
}

#[test]
fn another_role_than_customer_is_refused_everywhere() {
    let world = World::start();
    for role in ["agent", "admin", "driver"] {
        let caller = world.customer_with(1, &["--role", role]);
        for (_, ask) in endpoints(&caller) {
            is_forbidden(&ask.send());
        }
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
}

#[test]
fn each_permission_opens_its_own_endpoint_and_no_other() {
    let all = ["create_support_ticket", "track_support_ticket", "escalate_support_ticket", "close_support_ticket"];
    for held in all {
        let world = World::start();
        let caller = world.customer_with(1, &["--permission", held]);
        for (needed, ask) in endpoints(&caller) {
            if needed == held {
                ask.send().is_ok();
            } else {
                is_forbidden(&ask.send());
            }
        }
    }
}

#[test]
fn each_permission_that_is_missing_closes_its_own_endpoint_and_no_other() {
    let all = ["create_support_ticket", "track_support_ticket", "escalate_support_ticket", "close_support_ticket"];
    for missing in all {
        let world = World::start();
        let options: Vec<&str> =
            all.iter().filter(|held| **held != missing).flat_map(|held| ["--permission", *held]).collect();
        let caller = world.customer_with(1, &options);
        for (needed, ask) in endpoints(&caller) {
            if needed == missing {
                is_forbidden(&ask.send());
            } else {
                ask.send().is_ok();
            }
        }
    }
}

#[test]
fn a_refusal_for_a_missing_permission_tells_nothing_of_the_ticket() {
    let world = World::start();
    let caller = world.customer_with(5, &["--permission", "create_support_ticket"]);
    let refused = |path: &str| {
        let answer = caller.asks("GET", path).header("X-Request-Id", "same").send();
        is_forbidden(&answer);
        answer.body
    };
    assert_eq!(refused("/1"), refused("/4242"));
    assert_eq!(refused("/1"), refused("/abc"));
}

#[test]
fn the_scheme_is_known_in_any_case() {
    let world = World::start();
    let token = world.amina().token;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        world.asks("GET", "/1").header("authorization", &format!("{scheme} {token}")).send().is_ok();
    }
}

#[test]
fn two_authorization_headers_are_refused() {
    let world = World::start();
    let token = world.amina().token;
    for other in [token.as_str(), "sup_other"] {
        let answer = world.asks("GET", "/1").bearer(&token).bearer(other).send();
        answer.is_refused(400, "UNAUTHORIZED");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="support", error="invalid_request""#));
        let close = world.amina().asks("POST", "/close").bearer(other).json(&json!({"ticketId": 1})).send();
        close.is_status(400);
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
}

#[test]
fn a_token_in_the_query_the_body_or_a_cookie_is_none() {
    let world = World::start();
    let token = world.amina().token;
    is_unauthorized(&world.asks("GET", &format!("/1?access_token={token}")).send(), BARE);
    is_unauthorized(&world.asks("GET", "/1").header("Cookie", &format!("access_token={token}")).send(), BARE);
    let body = json!({"ticketId": 1, "access_token": token});
    is_unauthorized(&world.asks("POST", "/close").json(&body).send(), BARE);
    let form = format!("access_token={token}");
    let ask = world.asks("POST", "/close").header("Content-Type", "application/x-www-form-urlencoded").body(form);
    is_unauthorized(&ask.send(), BARE);
    let beside = world.amina().asks("GET", "/1?access_token=other").send();
    beside.is_refused(400, "INVALID_TICKET").blames(&["access_token"]);
}

#[test]
fn without_a_good_token_there_and_not_there_are_one() {
    let world = World::start();
    for token in [None, Some("sup_wrong")] {
        let bodies = ["/1", "/4242", "/0", "/abc", "/9223372036854775808"].map(|path| {
            let ask = world.asks("GET", path).header("X-Request-Id", "same");
            let answer = token.map_or(ask.clone(), |token| ask.bearer(token)).send();
            answer.is_refused(401, "UNAUTHORIZED");
            answer.body
        });
        assert!(bodies.iter().all(|body| *body == bodies[0]));
    }
}
