//! `GET /metrics`: the server's metrics, if enabled.

use std::time::Duration;

use crate::receiver::{Receiver, Reply};
use crate::world::{World, eventually};

fn start_with_metrics() -> World {
    World::plan().with_arguments(&["--metrics"]).start()
}

fn metrics_text(world: &World) -> String {
    let answer = world.request_to("GET", "/metrics").send();
    answer.assert_status(200);
    assert_eq!(answer.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    answer.text().to_owned()
}

/// Returns a sample by its name with labels.
#[track_caller]
fn sample<'t>(text: &'t str, name: &str) -> &'t str {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{name} in {text}"))
}

/// Returns the value of a sample as a floating-point number.
#[track_caller]
fn value(text: &str, name: &str) -> f64 {
    sample(text, name).parse().unwrap()
}

/// Returns the value of a counter.
#[track_caller]
fn count(text: &str, name: &str) -> i64 {
    sample(text, name).parse().unwrap()
}

#[test]
fn metrics_are_off_by_default() {
    let world = World::start();
    for method in ["GET", "POST", "DELETE"] {
        world.request_to(method, "/metrics").send().assert_refused(404, "NOT_FOUND");
    }
}

#[test]
fn requests_are_counted_by_route_and_status_class() {
    let world = start_with_metrics();
    let ticket = world.amina().create_ride_ticket("charged twice");
    world.amina().create_ride_ticket("charged twice");
    world.request_to("GET", &format!("/api/customer/mtxi/support/{ticket}")).send().assert_status(401);
    world.request_to("GET", "/nowhere/sup_canary").send().assert_status(404);
    let text = metrics_text(&world);
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
fn commits_events_and_sizes_are_reported() {
    let world = start_with_metrics();
    let before = metrics_text(&world);
    world.amina().create_ride_ticket("charged twice");
    assert!(count(&metrics_text(&world), "support_store_wal_bytes") > 0);
    // Checkpoints the WAL at its exit.
    world.run(&["ticket", "close", "1"]);
    let text = metrics_text(&world);
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
fn outcomes_of_deliveries_are_counted() {
    let world = start_with_metrics();
    let receiver = Receiver::with_script(|number, _| Reply::Status(if number == 0 { 204 } else { 400 }));
    world.run_json(&["webhook", "add", &receiver.url(), "--allow-private"]);
    world.amina().create_ride_ticket("charged twice");
    world.amina().create_ride_ticket("charged twice");
    let text = eventually(Duration::from_secs(10), || {
        // The store is read before the attempts are counted.
        let text = metrics_text(&world);
        let both = text.contains("outcome=\"dead\"") && count(&text, "support_webhook_dead_letters") > 0;
        both.then_some(text)
    });
    assert_eq!(count(&text, r#"support_webhook_attempts_total{outcome="delivered"}"#), 1);
    assert_eq!(count(&text, r#"support_webhook_attempts_total{outcome="dead"}"#), 1);
    assert_eq!(count(&text, "support_webhook_dead_letters"), 1);
}

#[test]
fn metrics_are_read_only_and_need_no_token() {
    let world = start_with_metrics();
    let head = world.request_to("HEAD", "/metrics").send();
    head.assert_status(200);
    assert!(head.body.is_empty());
    world.request_to("GET", "/metrics").bearer("wrong").send().assert_status(200);
    world.request_to("POST", "/metrics").send().assert_refused(405, "METHOD_NOT_ALLOWED");
}
