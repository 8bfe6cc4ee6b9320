//! `GET /healthz` and `GET /readyz`: liveness and readiness.

use std::time::Duration;

use crate::world::{World, eventually};

#[test]
fn health_checks_need_no_token() {
    let world = World::start();
    for target in ["/healthz", "/readyz"] {
        world.request_to("GET", target).send().assert_status(200).assert_common_headers();
        world.request_to("GET", target).bearer("wrong").send().assert_status(200);
        let head = world.request_to("HEAD", target).send();
        head.assert_status(200).assert_common_headers();
        assert!(head.body.is_empty());
    }
}

#[test]
fn a_locked_store_is_not_ready_until_it_is_unlocked() {
    let world = World::start();
    world.request_to("GET", "/readyz").send().assert_status(200);
    let lock = world.lock_store();
    let answer = eventually(Duration::from_secs(10), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status != 200).then_some(answer)
    });
    answer.assert_refused(503, "SUPPORT_TICKET_FAILED").assert_fields(&[]);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!(wait > 0);
    world.request_to("GET", "/healthz").send().assert_status(200);
    world.request_to("HEAD", "/readyz").send().assert_status(503);
    drop(lock);
    eventually(Duration::from_secs(10), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status == 200).then_some(())
    });
}

#[test]
fn a_store_whose_file_was_moved_is_not_ready_and_rejects_writes_until_it_is_back() {
    let world = World::start();
    let ticket = world.amina().create_ride_ticket("before");
    let away = world.file().with_file_name("away.db");
    std::fs::rename(world.file(), &away).unwrap();
    world.amina().close(ticket).assert_refused(503, "SUPPORT_TICKET_FAILED");
    eventually(Duration::from_secs(10), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status == 503).then_some(())
    });
    assert_eq!(world.amina().track(ticket).assert_ok().data()["status"], "OPEN");
    world.log_lines("Displaced");
    std::fs::rename(&away, world.file()).unwrap();
    world.amina().close(ticket).assert_ok();
    world.request_to("GET", "/readyz").send().assert_status(200);
}
