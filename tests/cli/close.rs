//! `support ticket close`, and commands with several ids.

use serde_json::{Value, json};

use crate::world::World;

fn status(world: &World, id: i64) -> Value {
    world.json(&format!("ticket inspect {id}"))["status"].clone()
}

#[test]
fn an_agent_closes_open_and_escalated_tickets() {
    let world = World::small();
    let output = world.run("ticket close 1 2").success();
    assert_eq!((output.out.as_str(), output.err.as_str()), ("ticket 1 closed\nticket 2 closed\n", ""));
    assert_eq!((status(&world, 1), status(&world, 2)), (json!("CLOSED"), json!("CLOSED")));
}

#[test]
fn a_closed_ticket_cannot_be_closed() {
    World::small().run("ticket close 3").fails_with(1, "error: ticket 3 is closed already");
}

#[test]
fn every_id_is_processed_and_one_failure_fails_the_command() {
    let world = World::small();
    let output = world.run("ticket close 3 1 99 2");
    assert_eq!(output.code, 1);
    assert_eq!(output.out, "ticket 1 closed\nticket 2 closed\n");
    assert_eq!(output.err, "error: ticket 3 is closed already\nerror: ticket 99 was not found\n");
}

#[test]
fn one_id_prints_an_object_and_several_print_an_array() {
    let world = World::small();
    let one = world.json("ticket close 1");
    assert_eq!(one, json!({"ticketId": 1, "status": "CLOSED", "level": 1, "gamificationError": null}));
    let output = world.run("ticket close 1 2 --format json");
    assert_eq!(output.code, 1);
    let second = json!([{"ticketId": 2, "status": "CLOSED", "level": 2, "gamificationError": null}]);
    assert_eq!(output.json(), second);
    let message = "ticket 1 is closed already".to_owned();
    assert_eq!(output.error(), ("SUPPORT_TICKET_FAILED".to_owned(), message));
}

#[test]
fn a_single_failure_prints_no_data() {
    let output = World::small().run("ticket close 3 --format json");
    assert_eq!((output.code, output.out.as_str()), (1, ""));
}

#[test]
fn ids_come_from_standard_input() {
    let world = World::small();
    let output = world.command("ticket close -").input("1\n 2\t99\n").run();
    assert_eq!(output.out, "ticket 1 closed\nticket 2 closed\n");
    assert_eq!((output.code, output.err.as_str()), (1, "error: ticket 99 was not found\n"));
}

#[test]
fn an_invalid_id_does_not_stop_the_others() {
    let world = World::small();
    let output = world.command("ticket close -").input("one 1").run();
    assert_eq!((output.code, output.out.as_str()), (1, "ticket 1 closed\n"));
    assert!(output.err.starts_with("error: one is not an id"), "{output:?}");
}

#[test]
fn empty_standard_input_prints_an_empty_array() {
    let output = World::small().command("ticket close - --format json").input("\n").run().success();
    assert_eq!(output.json(), json!([]));
}

#[test]
fn a_dry_run_prints_the_outcome_and_changes_nothing() {
    let world = World::small();
    let output = world.run("ticket close 1 3 --dry-run");
    assert_eq!((output.code, output.out.as_str()), (1, "ticket 1 would be closed\n"));
    assert_eq!(output.err, "error: ticket 3 is closed already\n");
    assert_eq!(status(&world, 1), "OPEN");
    assert_eq!(world.json("ticket inspect 1")["history"].as_array().unwrap().len(), 1);
    assert_eq!(world.json("ticket close 1 --dry-run")["dryRun"], true);
}

#[test]
fn the_reason_is_in_the_history() {
    let world = World::small();
    world.command("ticket close 1 --reason").arg("refunded in full").run().success();
    let history = world.json("ticket inspect 1")["history"].clone();
    assert!(history.as_array().unwrap().iter().any(|line| line["reason"] == "refunded in full"), "{history}");
}

#[test]
fn an_operation_of_an_agent_awards_points_only_with_award() {
    let world = World::small();
    world.run("ticket close 1").success();
    assert_eq!(world.json("points balance --customer 1")["points"], 0);
    world.run("ticket close 2 --award").success();
    assert_eq!(world.json("points balance --customer 1")["points"], 5);
}

#[test]
fn a_failed_award_is_a_warning() {
    let world = World::small();
    let create = "ticket create --customer 3 --service order --order 1 --issue OTHER --description x";
    world.run(create).success();
    let output = world.run("ticket close 4 --award").success();
    assert_eq!(output.out, "ticket 4 closed\n");
    let reason = "the rewards account of customer 3 is not active";
    assert_eq!(output.err, format!("warning: ticket 4 earned no award: {reason}\n"));
    world.run(create).success();
    let outcome = world.json("ticket close 5 --award");
    assert_eq!(outcome["gamificationError"], json!({"code": "REWARDS_ACCOUNT_INACTIVE", "message": reason}));
}

#[test]
fn every_format_prints_the_outcomes() {
    let output = World::small().run("ticket close 1 2 --format ndjson").success();
    assert_eq!(output.out.lines().count(), 2);
    assert_eq!(serde_json::from_str::<Value>(output.out.lines().next().unwrap()).unwrap()["ticketId"], 1);
    let output = World::small().run("ticket close 1 2 --format csv").success();
    let header = "ticketId,status,level,gamificationError.code,gamificationError.message,dryRun";
    assert_eq!(output.out, format!("{header}\n1,CLOSED,1,,,\n2,CLOSED,2,,,\n"));
    let output = World::small().run("ticket close 1 --dry-run --format csv").success();
    assert_eq!(output.out, format!("{header}\n1,CLOSED,1,,,true\n"));
}

#[test]
fn an_invalid_id_argument_is_a_usage_error() {
    let world = World::small();
    for id in ["0", "-1", "x", "1.0", "9223372036854775808"] {
        assert_eq!(world.run(&format!("ticket close 1 {id}")).code, 2, "{id}");
    }
    assert_eq!(world.run("ticket close").code, 2);
    assert_eq!(status(&world, 1), "OPEN");
}
