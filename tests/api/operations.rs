//! What every operation leaves behind in its own transaction: audit, award, notifications, event.

use serde_json::{Value, json};

use crate::world::World;

/// The lines of a ticket's history of one kind.
fn lines(world: &World, ticket: i64, kind: &str) -> Vec<Value> {
    let history = world.inspects(ticket)["history"].as_array().unwrap().clone();
    history.into_iter().filter(|line| line["kind"] == kind).collect()
}

/// These members of each line.
fn picked(lines: &[Value], members: &[&str]) -> Vec<Value> {
    lines.iter().map(|line| members.iter().map(|member| line[*member].clone()).collect()).collect()
}

/// A ticket of Amina's with Mateo and Grace that went all the way, each step in a request of this name.
fn whole_life(world: &World) -> i64 {
    let ticket = json!({"serviceType": "ride", "issueType": "PAYMENT_ISSUE", "description": "charged twice",
        "rideId": 1, "groupCustomerIds": [3, 2]});
    let ask = |path: &str, id: &str| world.amina().asks("POST", path).header("X-Request-Id", id);
    let id = ask("/", "first").json(&ticket).send().data()["ticketId"].as_i64().unwrap();
    ask("/escalate", "second").json(&json!({"ticketId": id})).send().is_ok();
    ask("/close", "third").json(&json!({"ticketId": id})).send().is_ok();
    id
}

#[test]
fn each_operation_leaves_an_audit_entry_with_who_what_and_in_which_request() {
    let world = World::start();
    let id = whole_life(&world);
    let audit = lines(&world, id, "audit");
    assert_eq!(
        picked(&audit, &["action", "requestId", "status", "level"]),
        [
            json!(["ticket.created", "first", "OPEN", 1]),
            json!(["ticket.escalated", "second", "ESCALATED", 2]),
            json!(["ticket.closed", "third", "CLOSED", 2]),
        ]
    );
    for entry in &audit {
        let by = entry["by"].as_str().unwrap();
        assert!(by.contains("customer") && by.contains('1'), "{entry}");
        assert!(entry["at"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()), "{entry}");
    }
}

#[test]
fn a_request_without_an_id_is_audited_under_the_one_it_was_given() {
    let world = World::start();
    let answer = world.amina().closes(1);
    let audit = lines(&world, 1, "audit");
    assert_eq!(audit.last().unwrap()["requestId"].as_str(), answer.header("x-request-id"));
}

#[test]
fn the_owner_and_each_member_are_notified_of_each_operation() {
    let world = World::start();
    let id = whole_life(&world);
    let told = picked(&lines(&world, id, "notification"), &["notice", "customerId"]);
    let mut expected = Vec::new();
    for notice in ["notification.ticket_created", "notification.ticket_escalated", "notification.ticket_closed"] {
        expected.extend([1, 3, 2].map(|customer| json!([notice, customer])));
    }
    assert_eq!(told, expected);
}

#[test]
fn the_platform_is_told_of_each_operation_once_and_in_order() {
    let world = World::start();
    let id = whole_life(&world);
    let events = lines(&world, id, "event");
    assert_eq!(
        picked(&events, &["event"]),
        [json!(["support:ticket_created"]), json!(["support:ticket_escalated"]), json!(["support:ticket_closed"]),]
    );
    let sequence: Vec<i64> = events.iter().map(|event| event["id"].as_i64().unwrap()).collect();
    assert!(sequence.is_sorted_by(|one, next| one < next), "{sequence:?}");
}

#[test]
fn an_event_tells_the_ticket_as_it_stood_and_who_did_it() {
    let world = World::start();
    let id = whole_life(&world);
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let mut rows = store.prepare("SELECT data FROM outbox WHERE ticket_id = ?1 ORDER BY id").unwrap();
    let told: Vec<String> = rows.query_map([id], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let data = |status: &str, level: i64| {
        format!(
            concat!(
                r#"{{"ticketId":{},"customerId":1,"groupCustomerIds":[3,2],"serviceType":"ride","#,
                r#""issueType":"PAYMENT_ISSUE","status":"{}","level":{},"actor":{{"kind":"customer","id":1}}}}"#
            ),
            id, status, level
        )
    };
    assert_eq!(told, [data("OPEN", 1), data("ESCALATED", 2), data("CLOSED", 2)]);
}

#[test]
fn everything_an_operation_leaves_bears_the_same_second_as_the_ticket() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    let ticket = world.inspects(id);
    for line in ticket["history"].as_array().unwrap() {
        assert_eq!(line["at"], ticket["createdAt"], "{line}");
    }
    assert_eq!(ticket["history"].as_array().unwrap().len(), 5, "audit, award, two notifications, event: {ticket}");
}

#[test]
fn each_operation_leaves_its_award_in_the_history() {
    let world = World::start();
    let id = whole_life(&world);
    let awards = picked(&lines(&world, id, "award"), &["action", "customerId", "points"]);
    assert_eq!(
        awards,
        [json!(["support_interaction", 1, 10]), json!(["support_interaction", 1, 10]), json!(["ticket_closure", 1, 5])]
    );
}

#[test]
fn a_refused_operation_leaves_nothing_behind() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    let before = world.inspects(id);
    world.mateo().escalates(id).is_refused(403, "PERMISSION_DENIED");
    world.jonas().closes(id).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    world.amina().asks("POST", "/close").raw_json("{").send().is_refused(400, "INVALID_TICKET");
    world.asks("POST", "/close").json(&json!({"ticketId": id})).send().is_refused(401, "UNAUTHORIZED");
    world.amina().tracks(id).is_ok();
    assert_eq!(world.inspects(id), before);
    world.amina().closes(id).is_ok();
    let closed = world.inspects(id);
    world.amina().closes(id).is_refused(400, "SUPPORT_TICKET_FAILED");
    world.amina().escalates(id).is_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE");
    assert_eq!(world.inspects(id), closed);
}
