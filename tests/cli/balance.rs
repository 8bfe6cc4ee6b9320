//! Points: grants, balances and the ledger.

use serde_json::json;

use crate::world::World;

#[test]
fn a_balance_is_the_sum_of_the_ledger() {
    let world = World::small();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x --award").success();
    world.run("points grant --customer 1 --points 25 --credit 0.4 --reason late").success();
    let expected = json!({"customerId": 1, "points": 35, "credit": {"amount": "0.60", "currency": "USD"}});
    assert_eq!(world.json("points balance --customer 1"), expected);
    let output = world.run("points balance --customer 1").success();
    assert_eq!(output.out, "customer 1: points 35, credit 0.60 USD\n");
}

#[test]
fn a_grant_prints_the_new_balance() {
    let world = World::small();
    let output = world.run("points grant --customer 2 --points 5 --reason sorry").success();
    assert_eq!(output.out, "customer 2: points 5, credit 0.00 USD\n");
    let balance = world.json("points grant --customer 2 --points 0 --credit 1.50 --reason sorry");
    assert_eq!(balance, json!({"customerId": 2, "points": 5, "credit": {"amount": "1.50", "currency": "USD"}}));
}

#[test]
fn the_same_key_grants_once() {
    let world = World::small();
    let grant = "points grant --customer 1 --points 5 --reason sorry --key order-12";
    world.run(grant).success();
    let output = world.run(grant).success();
    assert_eq!(output.out, "customer 1: points 5, credit 0.00 USD\n");
    assert_eq!(output.err, "this idempotency key already made the same grant: nothing was changed\n");
    let other = "points grant --customer 1 --points 6 --reason sorry --key order-12";
    world.run(other).fails_with(1, "error: this idempotency key was already used with different content");
    world.run("points grant --customer 2 --points 5 --reason sorry --key order-12").success();
}

#[test]
fn the_ledger_is_listed_newest_first() {
    let world = World::small();
    for points in 1..=3 {
        let grant = format!("points grant --customer 1 --points {points} --reason r{points} --agent maria");
        world.run(&grant).success();
    }
    let page = world.json("points history --customer 1 --limit 2");
    let members = ["id", "action", "points", "credit", "ticketId", "reason", "by", "createdAt"];
    let entry = page["entries"][0].as_object().unwrap();
    assert!(members.iter().all(|member| entry.contains_key(*member)), "{entry:?}");
    assert_eq!(entry["action"], "manual_grant");
    assert_eq!((&entry["points"], &entry["reason"], &entry["by"]), (&json!(3), &json!("r3"), &json!("maria")));
    let next = page["nextCursor"].as_str().unwrap();
    let rest = world.json(&format!("points history --customer 1 --after {next}"));
    assert_eq!(rest["entries"].as_array().unwrap().len(), 1);
    assert_eq!((&rest["entries"][0]["points"], &rest["nextCursor"]), (&json!(1), &json!(null)));
    assert_eq!(world.json("points history --customer 1 --all")["entries"].as_array().unwrap().len(), 3);
}

#[test]
fn a_ledger_row_names_its_ticket() {
    let world = World::small();
    world.run("ticket close 1 --award").success();
    let entry = &world.json("points history --customer 1")["entries"][0];
    assert_eq!(
        (&entry["action"], &entry["ticketId"], &entry["points"]),
        (&json!("ticket_closure"), &json!(1), &json!(5))
    );
}

#[test]
fn an_empty_ledger_prints_a_hint() {
    let world = World::small();
    let output = world.run("points history --customer 1").success();
    assert_eq!((output.out.as_str(), output.err.as_str()), ("", "this customer has no ledger entries\n"));
    assert_eq!(world.json("points history --customer 1"), json!({"entries": [], "nextCursor": null}));
}

#[test]
fn an_invalid_grant_is_rejected() {
    let world = World::small();
    let grant = |points: &str| world.run(&format!("points grant --customer 1 --points {points} --reason x"));
    grant("-1").fails_with(2, "error: the points must be an integer from 0 to 1000000");
    grant("0").fails_with(2, "error: a grant requires points or credit");
    grant("1000001").fails_with(2, "error: the points must be an integer from 0 to 1000000");
    assert_eq!(grant("1.5").code, 2);
    world
        .run("points grant --customer 3 --points 1 --reason x")
        .fails_with(1, "error: the rewards account of customer 3 is not active");
    world.run("points grant --customer 9 --points 1 --reason x").fails_with(1, "error: customer 9 was not found");
    assert_eq!(world.run("points grant --customer 1 --points 1").code, 2);
    assert_eq!(world.run("points grant --customer 1 --points 1 --credit 1.505 --reason x").code, 2);
    assert_eq!(world.json("points balance --customer 1")["points"], 0);
}

#[test]
fn the_ledger_of_an_unknown_customer_is_not_found() {
    let world = World::small();
    world.run("points balance --customer 9").fails_with(1, "error: customer 9 was not found");
    let output = world.run("points history --customer 9 --format json");
    assert_eq!((output.code, output.error().0.as_str()), (1, "CUSTOMER_NOT_FOUND"));
    assert_eq!(output.out, "");
}
