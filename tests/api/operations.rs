//! Effects of every operation in its own transaction: audit entry, award, notifications, event.

use serde_json::{Value, json};

use crate::world::World;

/// Returns the history lines of a ticket of one kind.
fn lines(world: &World, ticket: i64, kind: &str) -> Vec<Value> {
    let history = world.inspect_ticket(ticket)["history"].as_array().unwrap().clone();
    history.into_iter().filter(|line| line["kind"] == kind).collect()
}

/// Selects these members of each line.
fn select_members(lines: &[Value], members: &[&str]) -> Vec<Value> {
    lines.iter().map(|line| members.iter().map(|member| line[*member].clone()).collect()).collect()
}

/// Creates, escalates and closes a ticket of Amina's with Mateo and Grace, with known request ids; returns its id.
fn escalated_and_closed_ticket(world: &World) -> i64 {
    let ticket = json!({"serviceType": "ride", "issueType": "PAYMENT_ISSUE", "description": "charged twice",
        "rideId": 1, "groupCustomerIds": [3, 2]});
    let request = |path: &str, id: &str| world.amina().request("POST", path).header("X-Request-Id", id);
    let id = request("/", "first").json(&ticket).send().data()["ticketId"].as_i64().unwrap();
    request("/escalate", "second").json(&json!({"ticketId": id})).send().assert_ok();
    request("/close", "third").json(&json!({"ticketId": id})).send().assert_ok();
    id
}

#[test]
fn each_operation_writes_an_audit_entry_with_actor_action_and_request_id() {
    let world = World::start();
    let id = escalated_and_closed_ticket(&world);
    let audit = lines(&world, id, "audit");
    assert_eq!(
        select_members(&audit, &["action", "requestId", "status", "level"]),
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
fn a_request_without_an_id_is_audited_with_the_generated_id() {
    let world = World::start();
    let answer = world.amina().close(1);
    let audit = lines(&world, 1, "audit");
    assert_eq!(audit.last().unwrap()["requestId"].as_str(), answer.header("x-request-id"));
}

#[test]
fn the_owner_and_each_member_are_notified_of_each_operation() {
    let world = World::start();
    let id = escalated_and_closed_ticket(&world);
    let told = select_members(&lines(&world, id, "notification"), &["notice", "customerId"]);
    let mut expected = Vec::new();
    for notice in ["notification.ticket_created", "notification.ticket_escalated", "notification.ticket_closed"] {
        expected.extend([1, 3, 2].map(|customer| json!([notice, customer])));
    }
    assert_eq!(told, expected);
}

#[test]
fn each_operation_publishes_one_event_in_order() {
    let world = World::start();
    let id = escalated_and_closed_ticket(&world);
    let events = lines(&world, id, "event");
    assert_eq!(
        select_members(&events, &["event"]),
        [json!(["support:ticket_created"]), json!(["support:ticket_escalated"]), json!(["support:ticket_closed"]),]
    );
    let sequence: Vec<i64> = events.iter().map(|event| event["id"].as_i64().unwrap()).collect();
    assert!(sequence.is_sorted_by(|one, next| one < next), "{sequence:?}");
}

#[test]
fn an_event_holds_a_snapshot_of_the_ticket_and_the_actor() {
    let world = World::start();
    let id = escalated_and_closed_ticket(&world);
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
fn all_rows_of_an_operation_have_the_same_time_as_the_ticket() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    let ticket = world.inspect_ticket(id);
    for line in ticket["history"].as_array().unwrap() {
        assert_eq!(line["at"], ticket["createdAt"], "{line}");
    }
    assert_eq!(ticket["history"].as_array().unwrap().len(), 5, "audit, award, two notifications, event: {ticket}");
}

#[test]
fn each_award_is_in_the_history() {
    let world = World::start();
    let id = escalated_and_closed_ticket(&world);
    let awards = select_members(&lines(&world, id, "award"), &["action", "customerId", "points"]);
    assert_eq!(
        awards,
        [json!(["support_interaction", 1, 10]), json!(["support_interaction", 1, 10]), json!(["ticket_closure", 1, 5])]
    );
}

#[test]
fn a_refused_operation_changes_nothing() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    let before = world.inspect_ticket(id);
    world.mateo().escalate(id).assert_refused(403, "PERMISSION_DENIED");
    world.jonas().close(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    world.amina().request("POST", "/close").raw_json("{").send().assert_refused(400, "INVALID_TICKET");
    world.request("POST", "/close").json(&json!({"ticketId": id})).send().assert_refused(401, "UNAUTHORIZED");
    world.amina().track(id).assert_ok();
    assert_eq!(world.inspect_ticket(id), before);
    world.amina().close(id).assert_ok();
    let closed = world.inspect_ticket(id);
    world.amina().close(id).assert_refused(400, "SUPPORT_TICKET_FAILED");
    world.amina().escalate(id).assert_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE");
    assert_eq!(world.inspect_ticket(id), closed);
}
