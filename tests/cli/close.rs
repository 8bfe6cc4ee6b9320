//! Closing tickets, and several ids at once.

use serde_json::{Value, json};

use crate::world::World;

fn status(world: &World, id: i64) -> Value {
    world.json(&format!("ticket inspect {id}"))["status"].clone()
}

#[test]
fn an_agent_closes_open_and_escalated_tickets() {
    let world = World::small();
    let said = world.run("ticket close 1 2").done();
    assert_eq!((said.out.as_str(), said.err.as_str()), ("ticket 1 closed\nticket 2 closed\n", ""));
    assert_eq!((status(&world, 1), status(&world, 2)), (json!("CLOSED"), json!("CLOSED")));
}

#[test]
fn a_closed_ticket_cannot_be_closed() {
    World::small().run("ticket close 3").failed(1, "error: ticket 3 is closed already");
}

#[test]
fn each_id_is_tried_and_one_failure_spoils_the_exit_code() {
    let world = World::small();
    let said = world.run("ticket close 3 1 99 2");
    assert_eq!(said.code, 1);
    assert_eq!(said.out, "ticket 1 closed\nticket 2 closed\n");
    assert_eq!(said.err, "error: ticket 3 is closed already\nerror: ticket 99 was not found\n");
}

#[test]
fn one_id_gives_an_object_and_several_give_an_array() {
    let world = World::small();
    let one = world.json("ticket close 1");
    assert_eq!(one, json!({"ticketId": 1, "status": "CLOSED", "level": 1, "gamificationError": null}));
    let said = world.run("ticket close 1 2 --format json");
    assert_eq!(said.code, 1);
    let second = json!([{"ticketId": 2, "status": "CLOSED", "level": 2, "gamificationError": null}]);
    assert_eq!(said.json(), second);
    let message = "ticket 1 is closed already".to_owned();
    assert_eq!(said.error(), ("SUPPORT_TICKET_FAILED".to_owned(), message));
}

#[test]
fn a_failure_alone_prints_no_data() {
    let said = World::small().run("ticket close 3 --format json");
    assert_eq!((said.code, said.out.as_str()), (1, ""));
}

#[test]
fn ids_come_from_standard_input() {
    let world = World::small();
    let said = world.asks("ticket close -").input("1\n 2\t99\n").run();
    assert_eq!(said.out, "ticket 1 closed\nticket 2 closed\n");
    assert_eq!((said.code, said.err.as_str()), (1, "error: ticket 99 was not found\n"));
}

#[test]
fn a_word_that_is_no_id_harms_no_other() {
    let world = World::small();
    let said = world.asks("ticket close -").input("one 1").run();
    assert_eq!((said.code, said.out.as_str()), (1, "ticket 1 closed\n"));
    assert!(said.err.starts_with("error: one is not an id"), "{said:?}");
}

#[test]
fn no_ids_on_standard_input_are_nothing_to_do() {
    let said = World::small().asks("ticket close - --format json").input("\n").run().done();
    assert_eq!(said.json(), json!([]));
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let world = World::small();
    let said = world.run("ticket close 1 3 --dry-run");
    assert_eq!((said.code, said.out.as_str()), (1, "ticket 1 would be closed\n"));
    assert_eq!(said.err, "error: ticket 3 is closed already\n");
    assert_eq!(status(&world, 1), "OPEN");
    assert_eq!(world.json("ticket inspect 1")["history"].as_array().unwrap().len(), 1);
    assert_eq!(world.json("ticket close 1 --dry-run")["dryRun"], true);
}

#[test]
fn the_reason_stays_in_the_history() {
    let world = World::small();
    world.asks("ticket close 1 --reason").arg("refunded in full").run().done();
    let history = world.json("ticket inspect 1")["history"].clone();
    assert!(history.as_array().unwrap().iter().any(|line| line["reason"] == "refunded in full"), "{history}");
}

#[test]
fn an_agent_earns_the_customer_nothing_unless_told_to() {
    let world = World::small();
    world.run("ticket close 1").done();
    assert_eq!(world.json("points balance --customer 1")["points"], 0);
    world.run("ticket close 2 --award").done();
    assert_eq!(world.json("points balance --customer 1")["points"], 5);
}

#[test]
fn an_award_that_is_due_and_not_made_is_a_warning() {
    let world = World::small();
    let create = "ticket create --customer 3 --service order --order 1 --issue OTHER --description x";
    world.run(create).done();
    let said = world.run("ticket close 4 --award").done();
    assert_eq!(said.out, "ticket 4 closed\n");
    let why = "the rewards account of customer 3 is not active";
    assert_eq!(said.err, format!("warning: ticket 4 earned no award: {why}\n"));
    world.run(create).done();
    let outcome = world.json("ticket close 5 --award");
    assert_eq!(outcome["gamificationError"], json!({"code": "REWARDS_ACCOUNT_INACTIVE", "message": why}));
}

#[test]
fn every_format_tells_the_outcomes() {
    let said = World::small().run("ticket close 1 2 --format ndjson").done();
    assert_eq!(said.out.lines().count(), 2);
    assert_eq!(serde_json::from_str::<Value>(said.out.lines().next().unwrap()).unwrap()["ticketId"], 1);
    let said = World::small().run("ticket close 1 2 --format csv").done();
    let header = "ticketId,status,level,gamificationError.code,gamificationError.message,dryRun";
    assert_eq!(said.out, format!("{header}\n1,CLOSED,1,,,\n2,CLOSED,2,,,\n"));
    let said = World::small().run("ticket close 1 --dry-run --format csv").done();
    assert_eq!(said.out, format!("{header}\n1,CLOSED,1,,,true\n"));
}

#[test]
fn what_is_no_id_is_wrong_usage() {
    let world = World::small();
    for id in ["0", "-1", "x", "1.0", "9223372036854775808"] {
        assert_eq!(world.run(&format!("ticket close 1 {id}")).code, 2, "{id}");
    }
    assert_eq!(world.run("ticket close").code, 2);
    assert_eq!(status(&world, 1), "OPEN");
}
