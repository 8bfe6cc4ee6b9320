//! `support ticket create`.

use serde_json::json;

use crate::world::World;

#[test]
fn a_reference_of_another_customer_is_rejected_with_the_reason() {
    let world = World::small();
    let create = "ticket create --issue OTHER --description x";
    let output = world.run(&format!("{create} --customer 3 --service ride --ride 1"));
    output.fails_with(1, "error: customer 3 had no part in ride 1");
    let output = world.run(&format!("{create} --customer 2 --service order --order 1"));
    output.fails_with(1, "error: customer 2 had no part in order 1");
    let output = world.run(&format!("{create} --customer 1 --service booking --booking 1"));
    output.fails_with(1, "error: customer 1 had no part in booking 1");
    world.run(&format!("{create} --customer 1 --service ride --ride 9")).fails_with(1, "error: ride 9 was not found");
}

#[test]
fn an_agent_creates_a_ticket_for_a_customer() {
    let world = World::small();
    let output = world
        .command("ticket create --customer 1 --service ride --issue PAYMENT_ISSUE --ride 1 --member 2,3 --member 2 --agent maria --description")
        .arg("Charged\ttwice\nfor one ride")
        .run()
        .success();
    assert_eq!((output.out.as_str(), output.err.as_str()), ("ticket 4 created\n", ""));
    let ticket = world.json("ticket inspect 4");
    assert_eq!(ticket["description"], "Charged\ttwice\nfor one ride");
    assert_eq!((&ticket["customerId"], &ticket["groupCustomerIds"]), (&json!(1), &json!([2, 3])));
    assert_eq!((&ticket["status"], &ticket["level"], &ticket["ride"]["id"]), (&json!("OPEN"), &json!(1), &json!(1)));
    assert_eq!(ticket["history"][0]["by"], "maria");
}

#[test]
fn the_created_ticket_is_printed_as_json() {
    let world = World::small();
    let outcome =
        world.json("ticket create --customer 2 --service event_service --booking 1 --issue other --description x");
    assert_eq!((&outcome["ticketId"], &outcome["gamificationError"]), (&json!(4), &json!(null)));
}

#[test]
fn the_description_can_be_read_from_standard_input() {
    let world = World::small();
    let create = "ticket create --customer 1 --service order --order 1 --issue OTHER --description -";
    world.command(create).input("Cold.\n\nAgain. – 又冷了\n").run().success();
    assert_eq!(world.json("ticket inspect 4")["description"], "Cold.\n\nAgain. – 又冷了");
    let output = world.command(create).input(b"caf\xe9".to_vec()).run();
    assert_eq!(output.code, 1);
    assert!(output.err.starts_with("error: - could not be read"), "{output:?}");
}

#[test]
fn a_description_can_begin_with_a_dash() {
    let world = World::small();
    let create = "ticket create --customer 1 --service order --order 1 --issue OTHER --description";
    world.command(create).arg("- cold").run().success();
    assert_eq!(world.json("ticket inspect 4")["description"], "- cold");
}

#[test]
fn all_validation_errors_are_reported_together() {
    let world = World::small();
    let output =
        world.command("ticket create --customer 1 --service ride --issue OTHER --description").arg(" \n").run();
    output
        .fails_with(1, "error: the description must not be empty; a ticket with the service type ride requires a ride");
    let output = world.run("ticket create --customer 2 --service order --issue OTHER --ride 9 --order 1 --member 7,8 --description x --format json");
    assert_eq!(output.code, 1);
    let error: serde_json::Value = serde_json::from_str(&output.err).unwrap();
    assert_eq!(error["error"]["code"], "CUSTOMER_NOT_FOUND");
    let fields: Vec<_> = error["error"]["details"].as_array().unwrap().iter().map(|detail| &detail["field"]).collect();
    assert_eq!(fields, ["groupCustomerIds", "rideId", "orderId"]);
    assert_eq!(world.ticket_ids(""), [3, 2, 1]);
}

#[test]
fn an_unknown_customer_is_rejected() {
    let output = World::small()
        .run("ticket create --customer 9 --service order --issue OTHER --order 1 --description x --format json");
    assert_eq!((output.code, output.error().0.as_str()), (1, "CUSTOMER_NOT_FOUND"));
}

#[test]
fn an_unknown_service_or_issue_type_is_a_usage_error() {
    let world = World::small();
    let output = world.run("ticket create --customer 1 --service boat --issue OTHER --description x");
    assert_eq!(output.code, 2);
    assert!(output.err.contains("ride, order, booking, event_service, in_dining_order"), "{output:?}");
    assert_eq!(world.run("ticket create --customer 1 --service ride --issue LATE --description x --ride 1").code, 2);
    assert_eq!(world.run("ticket create --customer 1 --service ride --issue OTHER --ride 1").code, 2);
}

#[test]
fn an_award_is_granted_with_the_option() {
    let world = World::small();
    let create = "ticket create --customer 1 --service ride --issue OTHER --ride 1 --description x";
    world.run(create).success();
    assert_eq!(world.json("points balance --customer 1")["points"], 0);
    world.run(&format!("{create} --award")).success();
    let expected = json!({"customerId": 1, "points": 10, "credit": {"amount": "0.20", "currency": "USD"}});
    assert_eq!(world.json("points balance --customer 1"), expected);
}

#[test]
fn a_failed_award_does_not_undo_the_ticket() {
    let world = World::small();
    let output =
        world.run("ticket create --customer 3 --service order --order 1 --issue OTHER --description x --award");
    assert_eq!((output.code, output.out.as_str()), (0, "ticket 4 created\n"));
    assert_eq!(output.err, "warning: ticket 4 earned no award: the rewards account of customer 3 is not active\n");
}
