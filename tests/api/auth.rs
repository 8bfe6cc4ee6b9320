//! Authentication and authorization: valid and invalid tokens, roles, permissions, and the challenges of refusals (RFC
//! 6750).

use std::time::Duration;

use serde_json::json;

use crate::client::{Request, Response};
use crate::world::{Actor, World, eventually, ride_ticket};

const NO_TOKEN: &str = r#"Bearer realm="support""#;
const INVALID_TOKEN: &str = r#"Bearer realm="support", error="invalid_token""#;
const INSUFFICIENT_SCOPE: &str = r#"Bearer realm="support", error="insufficient_scope""#;

/// Returns a request of this caller to each endpoint, with the required permission.
fn endpoints(caller: &Actor<'_>) -> [(&'static str, Request); 5] {
    [
        ("create_support_ticket", caller.request("POST", "/").json(&ride_ticket())),
        ("track_support_ticket", caller.request("GET", "/1")),
        ("track_support_ticket", caller.request("GET", "/")),
        ("escalate_support_ticket", caller.request("POST", "/escalate").json(&json!({"ticketId": 1}))),
        ("close_support_ticket", caller.request("POST", "/close").json(&json!({"ticketId": 1}))),
    ]
}

#[track_caller]
fn assert_unauthorized(answer: &Response, challenge: &str) {
    answer.assert_refused(401, "UNAUTHORIZED").assert_fields(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

#[track_caller]
fn assert_forbidden(answer: &Response) {
    answer.assert_refused(403, "PERMISSION_DENIED").assert_fields(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(INSUFFICIENT_SCOPE));
}

#[test]
fn every_endpoint_requires_a_token() {
    let world = World::start();
    for (method, path) in [("POST", "/"), ("GET", "/"), ("GET", "/1"), ("POST", "/escalate"), ("POST", "/close")] {
        assert_unauthorized(&world.request(method, path).send(), NO_TOKEN);
    }
}

#[test]
fn another_authorization_scheme_is_unauthorized() {
    let world = World::start();
    let answer = world.request("GET", "/1").header("Authorization", "Basic YW1pbmE6c2VjcmV0").send();
    assert_unauthorized(&answer, NO_TOKEN);
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
        assert_unauthorized(&world.actor_with_token(&token).track(1), INVALID_TOKEN);
    }
}

#[test]
fn a_bearer_scheme_without_a_token_is_unauthorized() {
    let world = World::start();
    for value in ["Bearer", "Bearer ", "bearer", ""] {
        let answer = world.request("GET", "/1").header("Authorization", value).send();
        answer.assert_refused(401, "UNAUTHORIZED");
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with(NO_TOKEN)), "{answer}");
    }
}

#[test]
fn a_token_of_another_store_is_invalid() {
    let elsewhere = World::start();
    let foreign = elsewhere.customer_with(1, &[]);
    foreign.track(1).assert_ok();
    let world = World::start();
    assert_unauthorized(&world.actor_with_token(&foreign.token).track(1), INVALID_TOKEN);
}

#[test]
fn a_token_is_invalid_from_the_second_of_its_expiry() {
    let world = World::start();
    let record = world.token_record(1, &["--expires", "1s"]);
    let holder = world.actor_with_token(record["token"].as_str().unwrap());
    let expires: jiff::Timestamp = record["expiresAt"].as_str().unwrap().parse().unwrap();
    let refused = eventually(Duration::from_secs(5), || {
        let asked = jiff::Timestamp::now();
        let answer = holder.track(1);
        if answer.status == 200 {
            assert!(asked < expires, "good after its time");
            return None;
        }
        assert!(jiff::Timestamp::now() >= expires, "bad before its time");
        Some(answer)
    });
    assert_unauthorized(&refused, INVALID_TOKEN);
    world.amina().track(1).assert_ok();
}

#[test]
fn a_revoked_token_is_invalid_at_the_next_request() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let holder = world.actor_with_token(record["token"].as_str().unwrap());
    holder.track(1).assert_ok();
    world.run(&["token", "revoke", &record["tokenId"].to_string()]);
    for (_, request) in endpoints(&holder) {
        assert_unauthorized(&request.send(), INVALID_TOKEN);
    }
    world.amina().track(1).assert_ok();
}

#[test]
fn a_change_of_a_token_in_the_store_applies_to_the_next_request() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let holder = world.actor_with_token(record["token"].as_str().unwrap());
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let set = |change: &str| {
        let changed = store.execute(&format!("UPDATE tokens SET {change} WHERE id = ?1"), [record["tokenId"].as_i64()]);
        assert_eq!(changed, Ok(1));
    };
    for _ in 0..20 {
        holder.track(1).assert_ok();
        set("permissions = 0");
        assert_forbidden(&holder.track(1));
        set("permissions = 15, role = 'driver'");
        assert_forbidden(&holder.track(1));
        set("role = 'customer', expires_at = 0");
        assert_unauthorized(&holder.track(1), INVALID_TOKEN);
        set("expires_at = 253402207200, customer_id = 5");
        holder.track(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
        set("customer_id = 1");
    }
    set("revoked_at = 0");
    assert_unauthorized(&holder.track(1), INVALID_TOKEN);
}

#[test]
fn a_token_of_an_agent_or_a_service_is_forbidden() {
    let world = World::start();
    for (kind, name) in [("agent", "maria"), ("service", "catalog")] {
        let record = world.token_record(1, &[]);
        let change = "UPDATE tokens SET principal_kind = ?1, customer_id = NULL, principal_name = ?2, role = ?1,
            permissions = 0 WHERE id = ?3";
        let store = rusqlite::Connection::open(world.file()).unwrap();
        assert_eq!(store.execute(change, (kind, name, record["tokenId"].as_i64())), Ok(1));
        let holder = world.actor_with_token(record["token"].as_str().unwrap());
        let id = format!("by-{kind}");
        assert_forbidden(&holder.request("GET", "/1").header("X-Request-Id", &id).send());
        assert!(world.log_lines(&id)[0].contains(&format!("principal={kind}:{name}")));
        for (_, request) in endpoints(&holder) {
            assert_forbidden(&request.send());
        }
    }
}

#[test]
fn a_token_issued_while_the_server_runs_is_valid_immediately() {
    let world = World::start();
    world.customer_with(1, &[]).track(1).assert_ok();
}

#[test]
fn a_role_other_than_customer_is_forbidden_at_every_endpoint() {
    let world = World::start();
    for role in ["agent", "admin", "driver"] {
        let caller = world.customer_with(1, &["--role", role]);
        for (_, request) in endpoints(&caller) {
            assert_forbidden(&request.send());
        }
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
}

#[test]
fn each_permission_allows_only_its_own_endpoints() {
    let all = ["create_support_ticket", "track_support_ticket", "escalate_support_ticket", "close_support_ticket"];
    for held in all {
        let world = World::start();
        let caller = world.customer_with(1, &["--permission", held]);
        for (needed, request) in endpoints(&caller) {
            if needed == held {
                request.send().assert_ok();
            } else {
                assert_forbidden(&request.send());
            }
        }
    }
}

#[test]
fn each_missing_permission_denies_only_its_own_endpoints() {
    let all = ["create_support_ticket", "track_support_ticket", "escalate_support_ticket", "close_support_ticket"];
    for missing in all {
        let world = World::start();
        let options: Vec<&str> =
            all.iter().filter(|held| **held != missing).flat_map(|held| ["--permission", *held]).collect();
        let caller = world.customer_with(1, &options);
        for (needed, request) in endpoints(&caller) {
            if needed == missing {
                assert_forbidden(&request.send());
            } else {
                request.send().assert_ok();
            }
        }
    }
}

#[test]
fn a_refusal_for_a_missing_permission_discloses_nothing_about_the_ticket() {
    let world = World::start();
    let caller = world.customer_with(5, &["--permission", "create_support_ticket"]);
    let refused = |path: &str| {
        let answer = caller.request("GET", path).header("X-Request-Id", "same").send();
        assert_forbidden(&answer);
        answer.body
    };
    assert_eq!(refused("/1"), refused("/4242"));
    assert_eq!(refused("/1"), refused("/abc"));
}

#[test]
fn the_bearer_scheme_is_case_insensitive() {
    let world = World::start();
    let token = world.amina().token;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        world.request("GET", "/1").header("authorization", &format!("{scheme} {token}")).send().assert_ok();
    }
}

#[test]
fn two_authorization_headers_are_refused() {
    let world = World::start();
    let token = world.amina().token;
    for other in [token.as_str(), "sup_other"] {
        let answer = world.request("GET", "/1").bearer(&token).bearer(other).send();
        answer.assert_refused(400, "UNAUTHORIZED");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="support", error="invalid_request""#));
        let close = world.amina().request("POST", "/close").bearer(other).json(&json!({"ticketId": 1})).send();
        close.assert_status(400);
    }
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
}

#[test]
fn a_token_in_the_query_the_body_or_a_cookie_is_ignored() {
    let world = World::start();
    let token = world.amina().token;
    assert_unauthorized(&world.request("GET", &format!("/1?access_token={token}")).send(), NO_TOKEN);
    assert_unauthorized(
        &world.request("GET", "/1").header("Cookie", &format!("access_token={token}")).send(),
        NO_TOKEN,
    );
    let body = json!({"ticketId": 1, "access_token": token});
    assert_unauthorized(&world.request("POST", "/close").json(&body).send(), NO_TOKEN);
    let form = format!("access_token={token}");
    let request =
        world.request("POST", "/close").header("Content-Type", "application/x-www-form-urlencoded").body(form);
    assert_unauthorized(&request.send(), NO_TOKEN);
    let beside = world.amina().request("GET", "/1?access_token=other").send();
    beside.assert_refused(400, "INVALID_TICKET").assert_fields(&["access_token"]);
}

#[test]
fn without_a_valid_token_existing_and_missing_tickets_get_the_same_response() {
    let world = World::start();
    for token in [None, Some("sup_wrong")] {
        let bodies = ["/1", "/4242", "/0", "/abc", "/9223372036854775808"].map(|path| {
            let request = world.request("GET", path).header("X-Request-Id", "same");
            let answer = token.map_or(request.clone(), |token| request.bearer(token)).send();
            answer.assert_refused(401, "UNAUTHORIZED");
            answer.body
        });
        assert!(bodies.iter().all(|body| *body == bodies[0]));
    }
}
