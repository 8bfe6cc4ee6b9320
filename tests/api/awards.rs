//! Awards: what each operation earns, once, in whole cents; and operations that stand without one.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// The actions in a customer's ledger with the ticket of each, newest first.
fn ledger(world: &World, customer: i64) -> Vec<(String, i64, String, Value)> {
    let history = world.says(&["points", "history", "--customer", &customer.to_string()]);
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
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    assert_eq!(world.balance(1), (10, "0.20".to_owned()));
    world.amina().escalates(id).is_ok();
    assert_eq!(world.balance(1), (20, "0.40".to_owned()));
    world.amina().closes(id).is_ok();
    assert_eq!(world.balance(1), (25, "0.40".to_owned()));
    let interaction = ("support_interaction".to_owned(), 10, "0.20".to_owned(), json!(id));
    let closure = ("ticket_closure".to_owned(), 5, "0.00".to_owned(), json!(id));
    assert_eq!(ledger(&world, 1), [closure, interaction.clone(), interaction]);
    assert_eq!(world.balance(2), (0, "0.00".to_owned()), "members earn nothing");
}

#[test]
fn reading_earns_nothing() {
    let world = World::start();
    world.amina().tracks(1).is_ok();
    world.amina().lists("").is_ok();
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
}

#[test]
fn a_refused_operation_earns_nothing() {
    let world = World::start();
    world.amina().closes(26).is_refused(400, "SUPPORT_TICKET_FAILED");
    world.amina().escalates(26).is_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE");
    world.mateo().closes(1).is_refused(403, "PERMISSION_DENIED");
    world.jonas().closes(1).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    for customer in [1, 2, 5] {
        assert_eq!(world.balance(customer), (0, "0.00".to_owned()));
    }
}

#[test]
fn every_ticket_earns_anew() {
    let world = World::start();
    for _ in 0..3 {
        let id = world.amina().opens_ride_ticket("charged twice");
        world.amina().closes(id).is_ok();
    }
    assert_eq!(world.balance(1), (45, "0.60".to_owned()));
}

#[test]
fn a_loaded_ticket_earns_for_what_its_customer_does_from_now_on() {
    let world = World::start();
    assert_eq!(world.amina().escalates(1).data()["gamificationError"], Value::Null);
    assert_eq!(world.amina().closes(1).data()["gamificationError"], Value::Null);
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
}

#[test]
fn an_agents_action_earns_the_customer_nothing() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.runs(&["ticket", "escalate", &id.to_string()]);
    assert_eq!(world.balance(1), (10, "0.20".to_owned()));
    world.amina().closes(id).is_ok();
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
}

#[test]
fn without_an_active_rewards_account_the_operation_stands_without_its_award() {
    let world = World::start();
    let about_ride_9 = || {
        let mut body = ride_ticket();
        body["rideId"] = 9.into();
        body
    };
    let opened = world.tom().opens(&about_ride_9());
    let id = opened.data()["ticketId"].as_i64().unwrap();
    let stands = |status: &str| assert_eq!(world.tom().tracks(id).data()["status"], status);
    let tells_why = |data: Value| {
        let error = data["gamificationError"].as_object().unwrap_or_else(|| panic!("an object: {data}")).clone();
        assert_eq!(error.len(), 2, "{error:?}");
        assert_eq!(error["code"], "REWARDS_ACCOUNT_INACTIVE");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
    };
    tells_why(opened.data());
    stands("OPEN");
    tells_why(world.tom().escalates(id).data());
    stands("ESCALATED");
    tells_why(world.tom().closes(id).data());
    stands("CLOSED");
    assert_eq!(world.balance(9), (0, "0.00".to_owned()));
    assert!(ledger(&world, 9).is_empty());
}
