//! `GET /metrics`: what a server counts about itself, where it was told to.

use std::time::Duration;

use crate::receiver::{Receiver, Reply};
use crate::world::{World, eventually};

fn measured() -> World {
    World::plan().serving(&["--metrics"]).start()
}

fn text(world: &World) -> String {
    let answer = world.asks_at("GET", "/metrics").send();
    answer.is_status(200);
    assert_eq!(answer.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    answer.text().to_owned()
}

/// A sample, by its name with labels.
#[track_caller]
fn sample<'t>(text: &'t str, name: &str) -> &'t str {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{name} in {text}"))
}

/// The value of a sample that may be a fraction.
#[track_caller]
fn value(text: &str, name: &str) -> f64 {
    sample(text, name).parse().unwrap()
}

/// The value of a sample that counts.
#[track_caller]
fn count(text: &str, name: &str) -> i64 {
    sample(text, name).parse().unwrap()
}

#[test]
fn a_server_that_was_not_told_to_counts_nothing() {
    let world = World::start();
    for method in ["GET", "POST", "DELETE"] {
        world.asks_at(method, "/metrics").send().is_refused(404, "NOT_FOUND");
    }
}

#[test]
fn requests_are_counted_by_route_and_class() {
    let world = measured();
    let ticket = world.amina().opens_ride_ticket("charged twice");
    world.amina().opens_ride_ticket("charged twice");
    world.asks_at("GET", &format!("/api/customer/mtxi/support/{ticket}")).send().is_status(401);
    world.asks_at("GET", "/nowhere/sup_canary").send().is_status(404);
    let text = text(&world);
    assert_eq!(count(&text, r#"support_http_requests_total{route="POST /",status="2xx",principal="customer"}"#), 2);
    assert_eq!(
        count(&text, r#"support_http_requests_total{route="GET /{ticketId}",status="4xx",principal="none"}"#),
        1
    );
    assert_eq!(count(&text, r#"support_http_requests_total{route="elsewhere",status="4xx",principal="none"}"#), 1);
    assert_eq!(count(&text, r#"support_http_request_seconds_count{route="POST /"}"#), 2);
    assert!(value(&text, r#"support_http_request_seconds_sum{route="POST /"}"#) > 0.0);
    assert_eq!(count(&text, "support_http_requests_in_flight"), 1, "this one");
    assert!(count(&text, "support_http_connections") >= 1);
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn commits_events_and_sizes_are_told() {
    let world = measured();
    let before = text(&world);
    world.amina().opens_ride_ticket("charged twice");
    assert!(count(&text(&world), "support_store_wal_bytes") > 0);
    // Folds the log as it ends.
    world.runs(&["ticket", "close", "1"]);
    let text = text(&world);
    let counted = |name: &str| count(&text, name) - count(&before, name);
    assert_eq!(counted("support_events_published_total"), 2, "another process's too");
    assert!(counted("support_writer_group_size_count") >= 1);
    assert!(value(&text, "support_writer_commit_seconds_sum") > value(&before, "support_writer_commit_seconds_sum"));
    assert_eq!(count(&text, "support_writer_refusals_total"), 0);
    let size = std::fs::metadata(world.file()).unwrap().len();
    assert_eq!(count(&text, "support_store_bytes"), i64::try_from(size).unwrap());
    assert_eq!(count(&text, "support_store_readable"), 1);
}

#[test]
fn what_came_of_deliveries_is_counted() {
    let world = measured();
    let receiver = Receiver::answering(|number, _| Reply::Status(if number == 0 { 204 } else { 400 }));
    world.says(&["webhook", "add", &receiver.url(), "--allow-private"]);
    world.amina().opens_ride_ticket("charged twice");
    world.amina().opens_ride_ticket("charged twice");
    let text = eventually(Duration::from_secs(10), || {
        // The store is looked at first, and the attempts are counted after they are in it.
        let text = text(&world);
        let both = text.contains("outcome=\"dead\"") && count(&text, "support_webhook_dead_letters") > 0;
        both.then_some(text)
    });
    assert_eq!(count(&text, r#"support_webhook_attempts_total{outcome="delivered"}"#), 1);
    assert_eq!(count(&text, r#"support_webhook_attempts_total{outcome="dead"}"#), 1);
    assert_eq!(count(&text, "support_webhook_dead_letters"), 1);
}

#[test]
fn it_is_only_read_and_without_a_token() {
    let world = measured();
    let head = world.asks_at("HEAD", "/metrics").send();
    head.is_status(200);
    assert!(head.body.is_empty());
    world.asks_at("GET", "/metrics").bearer("wrong").send().is_status(200);
    world.asks_at("POST", "/metrics").send().is_refused(405, "METHOD_NOT_ALLOWED");
}
