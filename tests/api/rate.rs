//! `serve --rate-limit`: so many requests of each customer in so long.

use std::time::Duration;

use serde_json::json;

use crate::client::Response;
use crate::world::{World, eventually, ride_ticket};

fn limited() -> World {
    World::plan().serving(&["--rate-limit", "3/1m"]).start()
}

#[track_caller]
fn is_too_many(answer: &Response) {
    answer.is_refused(429, "RATE_LIMITED").blames(&[]);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=60).contains(&wait), "{answer}");
}

#[test]
fn the_fourth_request_of_three_a_minute_is_one_too_many() {
    let world = limited();
    for _ in 0..3 {
        world.amina().tracks(1).is_ok();
    }
    is_too_many(&world.amina().tracks(1));
    is_too_many(&world.amina().lists(""));
    is_too_many(&world.amina().opens(&ride_ticket()));
    is_too_many(&world.amina().escalates(1));
    is_too_many(&world.amina().closes(1));
    world.mateo().tracks(1).is_ok();
    assert_eq!(world.mateo().tracks(1).data()["status"], "OPEN");
}

#[test]
fn the_limit_is_the_customers_own_whatever_token_path_or_address_they_give() {
    let world = limited();
    let other = world.customer_with(1, &[]);
    world.amina().tracks(1).is_ok();
    other.lists("").is_ok();
    world.amina().asks("GET", "").header("X-Forwarded-For", "10.0.0.1").send().is_ok();
    is_too_many(&other.tracks(1));
    is_too_many(&world.amina().asks("GET", "").header("X-Forwarded-For", "10.0.0.2").send());
    is_too_many(&world.amina().asks("GET", "/").header("Forwarded", "for=10.0.0.3").send());
    is_too_many(&world.customer_with(1, &[]).tracks(1));
}

#[test]
fn whoever_waits_as_long_as_they_are_told_may_ask_again() {
    let world = World::plan().serving(&["--rate-limit", "1/2s"]).start();
    world.amina().tracks(1).is_ok();
    is_too_many(&world.amina().tracks(1));
    eventually(Duration::from_secs(6), || (world.amina().tracks(1).status == 200).then_some(()));
    is_too_many(&world.amina().tracks(1));
}

#[test]
fn too_many_is_told_after_the_permission_and_before_the_body() {
    let world = limited();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    for _ in 0..5 {
        blind.tracks(1).is_refused(403, "PERMISSION_DENIED");
        world.holder_of("wrong").tracks(1).is_refused(401, "UNAUTHORIZED");
        world.amina().asks("DELETE", "/").send().is_refused(405, "METHOD_NOT_ALLOWED");
    }
    for _ in 0..3 {
        world.amina().asks("POST", "/").raw_json("{").send().is_refused(400, "INVALID_TICKET");
    }
    for ask in [
        world.amina().asks("POST", "/").raw_json("{"),
        world.amina().asks("POST", "/").body("{}"),
        world.amina().asks("POST", "/").raw_json("x".repeat(70_000)),
        world.amina().asks("POST", "/close").json(&json!({"ticketId": 4242})),
        world.amina().asks("GET", "/abc"),
    ] {
        is_too_many(&ask.send());
    }
    blind.tracks(1).is_refused(403, "PERMISSION_DENIED");
}

#[test]
fn nobody_is_limited_where_no_limit_was_given_nor_at_the_probes() {
    let world = World::start();
    for _ in 0..200 {
        world.amina().tracks(1).is_ok();
    }
    let world = World::plan().serving(&["--rate-limit", "1/1h"]).start();
    for _ in 0..20 {
        world.asks_at("GET", "/healthz").send().is_status(200);
        world.asks_at("GET", "/readyz").send().is_status(200);
    }
}
