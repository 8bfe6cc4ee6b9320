//! Concurrent operations: one success, one award, no lost update.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;

use crate::client::Response;
use crate::world::World;

/// Number of concurrent clients.
const CLIENTS: usize = 100;

/// Runs the same action in parallel threads, and returns the responses.
pub(crate) fn concurrently(many: usize, act: impl Fn(usize) -> Response + Sync) -> Vec<Response> {
    let start = Barrier::new(many);
    thread::scope(|scope| {
        let acts: Vec<_> = (0..many)
            .map(|number| {
                let (start, act) = (&start, &act);
                scope.spawn(move || {
                    start.wait();
                    act(number)
                })
            })
            .collect();
        acts.into_iter().map(|act| act.join().unwrap()).collect()
    })
}

/// Returns the number of successes; all other responses must have this code.
#[track_caller]
fn successes(answers: &[Response], otherwise: &str) -> usize {
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    for answer in refused {
        answer.assert_refused(400, otherwise);
    }
    done.len()
}

fn count(world: &World, ticket: i64, kind: &str) -> usize {
    let history = world.inspect_ticket(ticket)["history"].as_array().unwrap().clone();
    history.iter().filter(|line| line["kind"] == kind).count()
}

#[test]
fn concurrent_closes_close_a_ticket_once_and_award_once() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    let answers = concurrently(CLIENTS, |_| world.amina().close(id));
    assert_eq!(successes(&answers, "SUPPORT_TICKET_FAILED"), 1);
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
    assert_eq!(["audit", "award", "notification", "event"].map(|kind| count(&world, id, kind)), [2, 2, 4, 2]);
}

#[test]
fn concurrent_escalations_raise_a_ticket_by_one_level() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    let answers = concurrently(CLIENTS, |_| world.amina().escalate(id));
    assert_eq!(successes(&answers, "SUPPORT_TICKET_NOT_ESCALATABLE"), 1);
    assert_eq!(world.amina().track(id).data()["level"], 2);
    assert_eq!(world.balance(1), (20, "0.40".to_owned()));
    assert_eq!(["audit", "award", "notification", "event"].map(|kind| count(&world, id, kind)), [2, 2, 2, 2]);
}

#[test]
fn concurrent_escalation_and_closing_are_serialized() {
    let world = World::start();
    for _ in 0..20 {
        let id = world.amina().create_ride_ticket("charged twice");
        let before = world.balance(1).0;
        let answers =
            concurrently(2, |number| if number == 0 { world.amina().escalate(id) } else { world.amina().close(id) });
        answers[1].assert_ok();
        let escalated = successes(&answers[..1], "SUPPORT_TICKET_NOT_ESCALATABLE") == 1;
        let shown = world.amina().track(id).data();
        assert_eq!(shown["status"], "CLOSED");
        assert_eq!(shown["level"], if escalated { 2 } else { 1 });
        assert_eq!(world.balance(1).0, before + if escalated { 15 } else { 5 });
    }
}

#[test]
fn concurrent_creates_get_different_ids() {
    let world = World::start();
    let people = [world.amina(), world.mateo(), world.grace()];
    let opened: BTreeSet<i64> = concurrently(90, |number| {
        let mut body = crate::world::ride_ticket();
        body["description"] = format!("number {number}").into();
        people[number % 3].create(&body)
    })
    .iter()
    .enumerate()
    .map(|(number, answer)| {
        let id = answer.data()["ticketId"].as_i64().unwrap();
        let description = people[number % 3].track(id).data()["description"].clone();
        assert_eq!(description, format!("number {number}"));
        id
    })
    .collect();
    assert_eq!(opened.len(), 90);
    for customer in 1..=3 {
        assert_eq!(world.balance(customer), (300, "6.00".to_owned()));
    }
}

#[test]
fn concurrent_closes_by_a_customer_and_agents_close_once() {
    let world = World::start();
    for _ in 0..3 {
        let id = world.amina().create_ride_ticket("charged twice");
        let before = world.balance(1).0;
        let agents: Vec<_> = (0..4)
            .map(|_| {
                let mut agent = Command::new(env!("CARGO_BIN_EXE_support"));
                agent.env_clear().env("TZ", "UTC").arg("--db").arg(world.file());
                agent.args(["--agent", "maria", "ticket", "close", &id.to_string()]);
                agent.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        let answers = concurrently(8, |_| world.amina().close(id));
        let by_customer = successes(&answers, "SUPPORT_TICKET_FAILED");
        let by_agent = agents.into_iter().filter_map(|mut agent| agent.wait().unwrap().success().then_some(())).count();
        assert_eq!(by_customer + by_agent, 1);
        assert_eq!(count(&world, id, "event"), 2);
        assert_eq!(world.balance(1).0, before + if by_customer == 1 { 5 } else { 0 });
    }
}

#[test]
fn a_concurrent_read_sees_a_consistent_ticket() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    let answers = concurrently(30, |number| match number {
        0 => world.amina().escalate(id),
        1 => world.amina().close(id),
        _ => world.amina().track(id),
    });
    for answer in &answers[2..] {
        let shown = answer.data();
        let state = (shown["status"].as_str().unwrap(), shown["level"].as_i64().unwrap());
        assert!([("OPEN", 1), ("ESCALATED", 2), ("CLOSED", 1), ("CLOSED", 2)].contains(&state), "{state:?}");
    }
}
