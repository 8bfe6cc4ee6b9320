//! Awards: the award of each operation, once, in whole cents; and operations without an award.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// Returns the actions in a customer's ledger with the ticket of each, newest first.
fn ledger(world: &World, customer: i64) -> Vec<(String, i64, String, Value)> {
    let history = world.run_json(&["points", "history", "--customer", &customer.to_string()]);
    let entries = history["entries"].as_array().unwrap();
    let line = |entry: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let credit = text(&entry["credit"]["amount"]);
        (text(&entry["action"]), entry["points"].as_i64().unwrap(), credit, entry["ticketId"].clone())
    };
    entries.iter().map(line).collect()
}

#[test]
fn each_operation_earns_its_award_once() {
    let world = World::start();
    assert_eq!(world.balance(1), (0, "0.00".to_owned()), "loaded tickets earn nothing");
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    assert_eq!(world.balance(1), (10, "0.20".to_owned()));
    world.amina().escalate(id).assert_ok();
    assert_eq!(world.balance(1), (20, "0.40".to_owned()));
    world.amina().close(id).assert_ok();
    assert_eq!(world.balance(1), (25, "0.40".to_owned()));
    let interaction = ("support_interaction".to_owned(), 10, "0.20".to_owned(), json!(id));
    let closure = ("ticket_closure".to_owned(), 5, "0.00".to_owned(), json!(id));
    assert_eq!(ledger(&world, 1), [closure, interaction.clone(), interaction]);
    assert_eq!(world.balance(2), (0, "0.00".to_owned()), "members earn nothing");
}

#[test]
fn reading_earns_nothing() {
    let world = World::start();
    world.amina().track(1).assert_ok();
    world.amina().list("").assert_ok();
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
}

#[test]
fn a_refused_operation_earns_nothing() {
    let world = World::start();
    world.amina().close(26).assert_refused(400, "SUPPORT_TICKET_FAILED");
    world.amina().escalate(26).assert_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE");
    world.mateo().close(1).assert_refused(403, "PERMISSION_DENIED");
    world.jonas().close(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    for customer in [1, 2, 5] {
        assert_eq!(world.balance(customer), (0, "0.00".to_owned()));
    }
}

#[test]
fn every_ticket_earns_its_own_awards() {
    let world = World::start();
    for _ in 0..3 {
        let id = world.amina().create_ride_ticket("charged twice");
        world.amina().close(id).assert_ok();
    }
    assert_eq!(world.balance(1), (45, "0.60".to_owned()));
}

#[test]
fn operations_on_a_loaded_ticket_earn_awards() {
    let world = World::start();
    assert_eq!(world.amina().escalate(1).data()["gamificationError"], Value::Null);
    assert_eq!(world.amina().close(1).data()["gamificationError"], Value::Null);
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
}

#[test]
fn an_agents_action_earns_the_customer_nothing() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.run(&["ticket", "escalate", &id.to_string()]);
    assert_eq!(world.balance(1), (10, "0.20".to_owned()));
    world.amina().close(id).assert_ok();
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
}

#[test]
fn an_operation_without_an_active_rewards_account_succeeds_without_an_award() {
    let world = World::start();
    let about_ride_9 = || {
        let mut body = ride_ticket();
        body["rideId"] = 9.into();
        body
    };
    let opened = world.tom().create(&about_ride_9());
    let id = opened.data()["ticketId"].as_i64().unwrap();
    let stands = |status: &str| assert_eq!(world.tom().track(id).data()["status"], status);
    let tells_why = |data: Value| {
        let error = data["gamificationError"].as_object().unwrap_or_else(|| panic!("an object: {data}")).clone();
        assert_eq!(error.len(), 2, "{error:?}");
        assert_eq!(error["code"], "REWARDS_ACCOUNT_INACTIVE");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
    };
    tells_why(opened.data());
    stands("OPEN");
    tells_why(world.tom().escalate(id).data());
    stands("ESCALATED");
    tells_why(world.tom().close(id).data());
    stands("CLOSED");
    assert_eq!(world.balance(9), (0, "0.00".to_owned()));
    assert!(ledger(&world, 9).is_empty());
}
