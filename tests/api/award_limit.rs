//! `serve --award-limit`: maximum number of awards per customer and period.

use serde_json::{Value, json};

use crate::client::Response;
use crate::concurrency::concurrently;
use crate::world::{World, ride_ticket};

/// Returns the codes of `gamificationError` in successful responses; an empty text without one.
fn no_award_codes(answers: &[Response]) -> Vec<String> {
    let code = |answer: &Response| {
        answer.assert_ok();
        answer.data()["gamificationError"]["code"].as_str().unwrap_or_default().to_owned()
    };
    answers.iter().map(code).collect()
}

/// Returns how many responses report that the limit is reached; all others must have made their award.
fn limited(answers: &[Response]) -> usize {
    let codes = no_award_codes(answers);
    let limited = codes.iter().filter(|code| *code == "AWARD_LIMIT_REACHED").count();
    assert_eq!(limited + codes.iter().filter(|code| code.is_empty()).count(), answers.len(), "{codes:?}");
    limited
}

/// Returns the number of a customer's awards, after a check that their sum is the balance.
fn awards(world: &World, customer: i64) -> usize {
    let history = world.run_json(&["points", "history", "--customer", &customer.to_string(), "--all"]);
    let entries = history["entries"].as_array().unwrap();
    let sum: i64 = entries.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
    assert_eq!(world.balance(customer).0, sum);
    entries.iter().filter(|entry| entry["ticketId"] != Value::Null).count()
}

#[test]
fn a_loop_over_one_ride_earns_50_awards_a_day_by_default() {
    let world = World::plan().with_variable("SUPPORT_AWARD_LIMIT", "").start();
    let amina = world.amina();
    let mut answers = Vec::new();
    for _ in 0..20 {
        let created = amina.create(&ride_ticket());
        let id = created.data()["ticketId"].as_i64().unwrap();
        answers.extend([created, amina.escalate(id), amina.close(id)]);
    }
    let codes = no_award_codes(&answers);
    let (before, after) = codes.split_at(50);
    assert!(before.iter().all(String::is_empty), "{before:?}");
    assert!(after.iter().all(|code| code == "AWARD_LIMIT_REACHED"), "{after:?}");
    assert_eq!(awards(&world, 1), 50);
    assert_eq!(limited(&[world.mateo().create(&ride_ticket())]), 0, "the limit belongs to one customer");
    world.run(&["audit", "verify"]);
}

#[test]
fn concurrent_operations_do_not_exceed_the_limit() {
    let world = World::plan().with_arguments(&["--award-limit", "110/1d"]).start();
    let ids: Vec<_> = (0..100).map(|_| world.amina().create_ride_ticket("charged twice")).collect();
    assert_eq!(awards(&world, 1), 100);
    let answers = concurrently(ids.len(), |number| world.amina().close(ids[number]));
    assert_eq!(limited(&answers), 90);
    assert_eq!(awards(&world, 1), 110);
    assert_eq!(world.balance(1), (1_050, "20.00".to_owned()));
    world.run(&["audit", "verify"]);
}

#[test]
fn the_message_names_the_customer_in_the_language_of_the_client() {
    let world = World::plan().with_arguments(&["--award-limit", "1/30d"]).start();
    let id = world.amina().create_ride_ticket("charged twice");
    let german = world.amina().request("POST", "/close").header("Accept-Language", "de");
    let answer = german.json(&json!({"ticketId": id})).send();
    let message = "Der Kunde 1 hat die Höchstzahl an Prämien erreicht: spätere Vorgänge bringen wieder Punkte";
    let expected = json!({"code": "AWARD_LIMIT_REACHED", "message": message});
    assert_eq!(answer.data(), json!({"ticketId": id, "gamificationError": expected}));
}

#[test]
fn grants_do_not_count_and_are_not_limited() {
    let world = World::plan().with_arguments(&["--award-limit", "1/1d"]).start();
    for reason in ["sorry", "sorry again"] {
        world.run(&["points", "grant", "--customer", "1", "--points", "5", "--reason", reason]);
    }
    let id = world.amina().create_ride_ticket("charged twice");
    assert_eq!(world.balance(1).0, 20);
    assert_eq!(limited(&[world.amina().close(id)]), 1);
    world.run(&["points", "grant", "--customer", "1", "--points", "5", "--reason", "sorry"]);
    assert_eq!(world.balance(1).0, 25);
}

#[test]
fn an_award_counts_until_its_period_is_over() {
    let world = World::plan().with_arguments(&["--award-limit", "1/1d"]).start();
    let id = world.amina().create_ride_ticket("charged twice");
    assert_eq!(limited(&[world.amina().escalate(id)]), 1);
    let backdate = "DROP TRIGGER ledger_is_never_rewritten; UPDATE ledger SET at = at - 86400;";
    rusqlite::Connection::open(world.file()).unwrap().execute_batch(backdate).unwrap();
    assert_eq!(limited(&[world.amina().close(id)]), 0);
    assert_eq!(awards(&world, 1), 2);
}

#[test]
fn an_award_that_an_agent_makes_counts_and_is_limited() {
    let world = World::plan().with_arguments(&["--award-limit", "2/1d"]).start();
    let id = world.amina().create_ride_ticket("charged twice");
    let escalated = world.run_json(&["ticket", "escalate", &id.to_string(), "--award", "--award-limit", "2/1d"]);
    assert_eq!(escalated["gamificationError"], Value::Null);
    assert_eq!(limited(&[world.amina().close(id)]), 1);
    let closed = world.run_json(&["ticket", "close", "1", "--award", "--award-limit", "2/1d"]);
    assert_eq!(closed["gamificationError"]["code"], "AWARD_LIMIT_REACHED");
    let created = ["ticket", "create", "--customer", "1", "--service", "ride", "--ride", "1", "--issue", "OTHER"];
    let more = ["--description", "x", "--award", "--award-limit", "2/1d"];
    assert_eq!(world.run_json(&[&created[..], &more].concat())["gamificationError"]["code"], "AWARD_LIMIT_REACHED");
    assert_eq!(awards(&world, 1), 2);
}

#[test]
fn an_agent_has_the_limit_of_the_server_by_default() {
    let world = World::start();
    for _ in 0..25 {
        let id = world.amina().create_ride_ticket("charged twice");
        world.amina().escalate(id).assert_ok();
    }
    let closed = world.run_json(&["ticket", "close", "1", "--award"]);
    assert_eq!(closed["gamificationError"]["code"], "AWARD_LIMIT_REACHED");
    let closed = world.run_json(&["ticket", "close", "9", "--award", "--award-limit", "off"]);
    assert_eq!(closed["gamificationError"], Value::Null);
    assert_eq!(awards(&world, 1), 51);
}

#[test]
fn off_switches_the_limit_off() {
    let world = World::plan().with_variable("SUPPORT_AWARD_LIMIT", "1/1d").with_arguments(&["--award-limit", "off"]);
    let world = world.start();
    let answers: Vec<_> = (0..60).map(|_| world.amina().create(&ride_ticket())).collect();
    assert_eq!(limited(&answers), 0);
    assert_eq!(awards(&world, 1), 60);
}
