//! Everybody at every endpoint with every kind of ticket: who sees what, and that nobody learns more.

use crate::client::Response;
use crate::world::{Actor, World};

/// What each caller may expect of a ticket that Amina opened with Mateo in its group.
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
fn is(answer: &Response, (status, code): (u16, &str), whose: &str) {
    assert_eq!(answer.status, status, "{whose}: {answer}");
    if status == 200 {
        answer.is_ok()
    } else {
        answer.is_refused(status, code)
    };
}

/// Everybody: with a good token, and with each kind of bad one.
fn everybody(world: &World) -> Vec<Row<'_>> {
    let revoked = world.token_record(1, &[]);
    world.runs(&["token", "revoke", &revoked["tokenId"].to_string()]);
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
        row("a revoked token", world.holder_of(revoked["token"].as_str().unwrap()), UNKNOWN, UNKNOWN),
        row("a made-up token", world.holder_of("sup_made_up"), UNKNOWN, UNKNOWN),
    ]
}

#[test]
fn everybody_gets_what_is_theirs_and_no_more() {
    let world = World::start();
    for row in everybody(&world) {
        let id = world.amina().opens_group_ticket("charged twice", &[2]);
        let before = world.amina().tracks(id).data();
        is(&row.caller.tracks(id), row.tracks, row.name);
        for answer in [row.caller.escalates(id), row.caller.closes(id)] {
            is(&answer, row.moves, row.name);
        }
        let after = world.amina().tracks(id).data();
        assert_eq!(row.moves == FINE, after != before, "{}: only who may move a ticket has moved it", row.name);
    }
}

#[test]
fn for_everybody_a_ticket_that_is_not_there_is_not_found() {
    let world = World::start();
    for row in everybody(&world) {
        let absent = |expected: (u16, &'static str)| if expected.0 == 401 { UNKNOWN } else { MISSING };
        let held = |expected: (u16, &'static str), held: bool| if held { absent(expected) } else { expected };
        // A member's 403 is about that ticket; a token's is about every ticket.
        let may_track = row.tracks != DENIED;
        let may_move = row.moves != DENIED || row.name == "a member";
        is(&row.caller.tracks(4242), held(row.tracks, may_track), row.name);
        is(&row.caller.escalates(4242), held(row.moves, may_move), row.name);
        is(&row.caller.closes(4242), held(row.moves, may_move), row.name);
    }
}

#[test]
fn another_customers_ticket_is_a_missing_ticket_byte_for_byte() {
    let world = World::start();
    // Ticket 22 is Grace's own; there is no ticket 99.
    for (method, path, foreign, absent) in
        [("GET", "/ID", "22", "99"), ("POST", "/escalate", "22", "99"), ("POST", "/close", "22", "99")]
    {
        let asked = |id: &str| {
            let path = path.replace("ID", id);
            let ask = world.jonas().asks(method, &path).header("X-Request-Id", "same");
            let ask = if method == "POST" { ask.raw_json(format!(r#"{{"ticketId":{id}}}"#)) } else { ask };
            let answer = ask.send();
            answer.is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
            let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| name != "date").cloned().collect();
            (headers, answer.text().replace(id, "ID"))
        };
        assert_eq!(asked(foreign), asked(absent), "{method} {path}");
    }
    assert_eq!(world.grace().tracks(22).data()["status"], "ESCALATED");
}

#[test]
fn nobodys_list_holds_anothers_ticket() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("canary", &[2]);
    for customer in 1..=12 {
        let sees = world.customer(customer).lists("?limit=100").text().contains("canary");
        assert_eq!(sees, customer <= 2, "customer {customer} and ticket {id}");
    }
}
