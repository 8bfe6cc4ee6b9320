//! `GET /healthz` and `GET /readyz`: whether the process answers, and whether the store can be read and written.

use std::time::Duration;

use crate::world::{World, eventually};

#[test]
fn the_process_answers_without_a_token() {
    let world = World::start();
    for target in ["/healthz", "/readyz"] {
        world.asks_at("GET", target).send().is_status(200).names_itself();
        world.asks_at("GET", target).bearer("wrong").send().is_status(200);
        let head = world.asks_at("HEAD", target).send();
        head.is_status(200).names_itself();
        assert!(head.body.is_empty());
    }
}

#[test]
fn a_store_that_takes_no_writes_is_not_ready_and_is_again_when_it_does() {
    let world = World::start();
    world.asks_at("GET", "/readyz").send().is_status(200);
    let lock = world.locks_store();
    let answer = eventually(Duration::from_secs(10), || {
        let answer = world.asks_at("GET", "/readyz").send();
        (answer.status != 200).then_some(answer)
    });
    answer.is_refused(503, "SUPPORT_TICKET_FAILED").blames(&[]);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!(wait > 0);
    world.asks_at("GET", "/healthz").send().is_status(200);
    world.asks_at("HEAD", "/readyz").send().is_status(503);
    drop(lock);
    eventually(Duration::from_secs(10), || {
        let answer = world.asks_at("GET", "/readyz").send();
        (answer.status == 200).then_some(())
    });
}

#[test]
fn a_store_whose_file_was_moved_away_is_not_ready_and_takes_nothing_until_it_is_back() {
    let world = World::start();
    let ticket = world.amina().opens_ride_ticket("before");
    let away = world.file().with_file_name("away.db");
    std::fs::rename(world.file(), &away).unwrap();
    world.amina().closes(ticket).is_refused(503, "SUPPORT_TICKET_FAILED");
    eventually(Duration::from_secs(10), || {
        let answer = world.asks_at("GET", "/readyz").send();
        (answer.status == 503).then_some(())
    });
    assert_eq!(world.amina().tracks(ticket).is_ok().data()["status"], "OPEN");
    world.log_lines("Displaced");
    std::fs::rename(&away, world.file()).unwrap();
    world.amina().closes(ticket).is_ok();
    world.asks_at("GET", "/readyz").send().is_status(200);
}
