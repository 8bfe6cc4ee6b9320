//! Every caller at every endpoint with every kind of ticket: expected responses, without disclosure.

use crate::client::Response;
use crate::world::{Actor, World};

/// Expected responses for a caller and a ticket that Amina opened with Mateo in its group.
struct Row<'w> {
    name: &'static str,
    caller: Actor<'w>,
    tracks: (u16, &'static str),
    moves: (u16, &'static str),
}

const FINE: (u16, &str) = (200, "");
const UNKNOWN: (u16, &str) = (401, "UNAUTHORIZED");
const DENIED: (u16, &str) = (403, "PERMISSION_DENIED");
const MISSING: (u16, &str) = (404, "SUPPORT_TICKET_NOT_FOUND");

#[track_caller]
fn assert_response(answer: &Response, (status, code): (u16, &str), whose: &str) {
    assert_eq!(answer.status, status, "{whose}: {answer}");
    if status == 200 {
        answer.assert_ok()
    } else {
        answer.assert_refused(status, code)
    };
}

/// Returns all callers: with a valid token, and with each kind of invalid one.
fn all_callers(world: &World) -> Vec<Row<'_>> {
    let revoked = world.token_record(1, &[]);
    world.run(&["token", "revoke", &revoked["tokenId"].to_string()]);
    let only = |permission| world.customer_with(1, &["--permission", permission]);
    let row = |name, caller, tracks, moves| Row { name, caller, tracks, moves };
    vec![
        row("the owner", world.amina(), FINE, FINE),
        row("a member", world.mateo(), FINE, DENIED),
        row("a fellow rider", world.grace(), MISSING, MISSING),
        row("a stranger", world.jonas(), MISSING, MISSING),
        row("the owner, who may only open", only("create_support_ticket"), DENIED, DENIED),
        row("the owner, who may only look", only("track_support_ticket"), FINE, DENIED),
        row("an agent", world.customer_with(1, &["--role", "agent"]), DENIED, DENIED),
        row("a revoked token", world.actor_with_token(revoked["token"].as_str().unwrap()), UNKNOWN, UNKNOWN),
        row("a made-up token", world.actor_with_token("sup_made_up"), UNKNOWN, UNKNOWN),
    ]
}

#[test]
fn every_caller_gets_the_expected_response_for_each_ticket_and_endpoint() {
    let world = World::start();
    for row in all_callers(&world) {
        let id = world.amina().create_group_ticket("charged twice", &[2]);
        let before = world.amina().track(id).data();
        assert_response(&row.caller.track(id), row.tracks, row.name);
        for answer in [row.caller.escalate(id), row.caller.close(id)] {
            assert_response(&answer, row.moves, row.name);
        }
        let after = world.amina().track(id).data();
        assert_eq!(row.moves == FINE, after != before, "{}: only who may move a ticket has moved it", row.name);
    }
}

#[test]
fn a_missing_ticket_is_not_found_for_every_caller() {
    let world = World::start();
    for row in all_callers(&world) {
        let absent = |expected: (u16, &'static str)| if expected.0 == 401 { UNKNOWN } else { MISSING };
        let held = |expected: (u16, &'static str), held: bool| if held { absent(expected) } else { expected };
        // A member's 403 concerns that ticket; a token's 403 concerns every ticket.
        let may_track = row.tracks != DENIED;
        let may_move = row.moves != DENIED || row.name == "a member";
        assert_response(&row.caller.track(4242), held(row.tracks, may_track), row.name);
        assert_response(&row.caller.escalate(4242), held(row.moves, may_move), row.name);
        assert_response(&row.caller.close(4242), held(row.moves, may_move), row.name);
    }
}

#[test]
fn the_response_for_another_customers_ticket_equals_that_for_a_missing_one() {
    let world = World::start();
    // Ticket 22 is Grace's; ticket 99 does not exist.
    for (method, path, foreign, absent) in
        [("GET", "/ID", "22", "99"), ("POST", "/escalate", "22", "99"), ("POST", "/close", "22", "99")]
    {
        let asked = |id: &str| {
            let path = path.replace("ID", id);
            let request = world.jonas().request(method, &path).header("X-Request-Id", "same");
            let request = if method == "POST" { request.raw_json(format!(r#"{{"ticketId":{id}}}"#)) } else { request };
            let answer = request.send();
            answer.assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
            let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| name != "date").cloned().collect();
            (headers, answer.text().replace(id, "ID"))
        };
        assert_eq!(asked(foreign), asked(absent), "{method} {path}");
    }
    assert_eq!(world.grace().track(22).data()["status"], "ESCALATED");
}

#[test]
fn no_list_holds_another_customers_ticket() {
    let world = World::start();
    let id = world.amina().create_group_ticket("canary", &[2]);
    for customer in 1..=12 {
        let sees = world.customer(customer).list("?limit=100").text().contains("canary");
        assert_eq!(sees, customer <= 2, "customer {customer} and ticket {id}");
    }
}
