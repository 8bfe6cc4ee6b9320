//! `serve --rate-limit`: maximum number of requests per customer and period.

use std::time::Duration;

use serde_json::json;

use crate::client::Response;
use crate::world::{World, eventually, ride_ticket};

fn limited() -> World {
    World::plan().with_arguments(&["--rate-limit", "3/1m"]).start()
}

#[track_caller]
fn assert_rate_limited(answer: &Response) {
    answer.assert_refused(429, "RATE_LIMITED").assert_fields(&[]);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=60).contains(&wait), "{answer}");
}

#[test]
fn the_fourth_request_exceeds_a_limit_of_three_a_minute() {
    let world = limited();
    for _ in 0..3 {
        world.amina().track(1).assert_ok();
    }
    assert_rate_limited(&world.amina().track(1));
    assert_rate_limited(&world.amina().list(""));
    assert_rate_limited(&world.amina().create(&ride_ticket()));
    assert_rate_limited(&world.amina().escalate(1));
    assert_rate_limited(&world.amina().close(1));
    world.mateo().track(1).assert_ok();
    assert_eq!(world.mateo().track(1).data()["status"], "OPEN");
}

#[test]
fn the_limit_is_per_customer_for_all_tokens_and_paths() {
    let world = limited();
    let other = world.customer_with(1, &[]);
    world.amina().track(1).assert_ok();
    other.list("").assert_ok();
    world.amina().request("GET", "").header("X-Forwarded-For", "10.0.0.1").send().assert_ok();
    assert_rate_limited(&other.track(1));
    assert_rate_limited(&world.amina().request("GET", "").header("X-Forwarded-For", "10.0.0.2").send());
    assert_rate_limited(&world.amina().request("GET", "/").header("Forwarded", "for=10.0.0.3").send());
    assert_rate_limited(&world.customer_with(1, &[]).track(1));
}

#[test]
fn a_client_that_waits_for_retry_after_is_admitted_again() {
    let world = World::plan().with_arguments(&["--rate-limit", "1/2s"]).start();
    world.amina().track(1).assert_ok();
    assert_rate_limited(&world.amina().track(1));
    eventually(Duration::from_secs(6), || (world.amina().track(1).status == 200).then_some(()));
    assert_rate_limited(&world.amina().track(1));
}

#[test]
fn the_rate_limit_is_checked_after_the_permission_and_before_the_body() {
    let world = limited();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    for _ in 0..5 {
        blind.track(1).assert_refused(403, "PERMISSION_DENIED");
        world.actor_with_token("wrong").track(1).assert_refused(401, "UNAUTHORIZED");
        world.amina().request("DELETE", "/").send().assert_refused(405, "METHOD_NOT_ALLOWED");
    }
    for _ in 0..3 {
        world.amina().request("POST", "/").raw_json("{").send().assert_refused(400, "INVALID_TICKET");
    }
    for request in [
        world.amina().request("POST", "/").raw_json("{"),
        world.amina().request("POST", "/").body("{}"),
        world.amina().request("POST", "/").raw_json("x".repeat(70_000)),
        world.amina().request("POST", "/close").json(&json!({"ticketId": 4242})),
        world.amina().request("GET", "/abc"),
    ] {
        assert_rate_limited(&request.send());
    }
    blind.track(1).assert_refused(403, "PERMISSION_DENIED");
}

#[test]
fn the_limit_is_600_a_minute_by_default() {
    let world = World::plan().with_variable("SUPPORT_RATE_LIMIT", "").start();
    // Ten requests a second are added to the first 600.
    let admitted = (0..6_000).take_while(|_| world.amina().track(1).status == 200).count();
    assert!((600..6_000).contains(&admitted), "{admitted} were admitted");
}

#[test]
fn the_variable_sets_the_limit_and_off_switches_it_off() {
    let world = World::plan().with_variable("SUPPORT_RATE_LIMIT", "1/1m").start();
    world.amina().track(1).assert_ok();
    assert_rate_limited(&world.amina().track(1));
    let world = World::plan().with_variable("SUPPORT_RATE_LIMIT", "1/1h").with_arguments(&["--rate-limit", "off"]);
    let world = world.start();
    for _ in 0..20 {
        world.amina().track(1).assert_ok();
    }
}

#[test]
fn there_is_no_limit_for_health_checks() {
    let world = World::plan().with_arguments(&["--rate-limit", "1/1h"]).start();
    for _ in 0..20 {
        world.request_to("GET", "/healthz").send().assert_status(200);
        world.request_to("GET", "/readyz").send().assert_status(200);
    }
}
