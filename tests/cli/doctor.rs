//! `support doctor`.

use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::terminal::terminal_output;
use crate::world::{Output, World};

const CHECKS: &[&str] = &[
    "file",
    "permissions",
    "wal",
    "schema",
    "engine",
    "tickets",
    "oldest",
    "events",
    "deliveries",
    "delivery_lease",
    "notifications",
    "mails",
    "tokens",
    "integrity",
];

/// Returns the check of this name.
fn check<'d>(document: &'d Value, name: &str) -> &'d Value {
    document["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()
}

fn report(world: &World) -> (i32, Value) {
    let output = world.run("doctor --format json");
    (output.code, output.json())
}

/// Asserts that only this check needs attention, and that it suggests this command.
#[track_caller]
fn needs_attention(world: &World, name: &str, command: &str) {
    let (code, document) = report(world);
    assert_eq!((code, &document["state"]), (1, &json!("attention")), "{document}");
    let failed: Vec<_> = document["checks"].as_array().unwrap().iter().filter(|check| check["state"] != "ok").collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!((&failed[0]["check"], &failed[0]["command"]), (&json!(name), &json!(command)));
    let output = world.run("doctor");
    assert_eq!(output.code, 1);
    assert!(output.out.lines().any(|line| line.contains("  attention  ") && line.ends_with(command)), "{output:?}");
}

fn execute(world: &World, sql: &str) {
    let store = Connection::open(world.path("support.db")).unwrap();
    store.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    store.execute_batch(sql).unwrap();
}

#[test]
fn a_healthy_store_passes_every_check() {
    let world = World::small();
    let (code, document) = report(&world);
    assert_eq!((code, &document["state"]), (0, &json!("ok")));
    let names: Vec<_> = document["checks"].as_array().unwrap().iter().map(|check| &check["check"]).collect();
    assert_eq!(names, CHECKS);
    assert_eq!(check(&document, "tickets")["found"], json!({"open": 1, "escalated": 1, "closed": 1}));
    assert_eq!(check(&document, "oldest")["found"], json!({"ticketId": 1, "createdAt": "2025-06-01T00:00:00Z"}));
    assert_eq!(check(&document, "permissions")["found"], json!({"mode": "0600"}));
    assert_eq!(check(&document, "integrity")["found"], json!({"finished": true, "errors": []}));
    let size = std::fs::metadata(world.path("support.db")).unwrap().len();
    assert_eq!(check(&document, "file")["found"], json!({"file": "support.db", "bytes": size}));
    world.run("doctor --full").success();
}

#[test]
fn the_table_shows_every_check() {
    let out = World::small().run("doctor").success().out;
    assert_eq!(out.lines().count(), CHECKS.len() + 1);
    for line in [
        "tickets                 ok     OPEN 1, ESCALATED 1, CLOSED 1",
        "oldest unclosed ticket  ok     ticket 1, opened 2025-06-01T00:00:00Z",
        "delivery worker         ok     none",
        "integrity               ok     no errors",
    ] {
        assert!(out.lines().any(|row| row == line), "{line}: {out}");
    }
}

#[test]
fn every_format_contains_every_check() {
    let world = World::small();
    let lines = world.run("doctor --format ndjson").success().out;
    let names: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["check"].clone()).collect();
    assert_eq!(names, CHECKS);
    let csv = world.run("doctor --format csv").success().out;
    assert!(csv.starts_with("check,state,found,command\nfile,ok,"), "{csv}");
    assert!(csv.contains("\ntickets,ok,\"OPEN 1, ESCALATED 1, CLOSED 1\",\n"), "{csv}");
}

#[test]
fn the_report_is_translated() {
    let world = World::small();
    let english = world.run("doctor").success().out;
    for language in ["fr", "es", "pt", "de", "ar", "hi", "zh"] {
        let output: Output = world.run(&format!("--lang {language} doctor")).success();
        assert_eq!(output.out.lines().count(), english.lines().count());
        assert!(!output.out.contains("doctor.") && !output.out.contains("%{") && output.out != english, "{output:?}");
    }
}

#[test]
fn a_world_readable_file_needs_attention() {
    let world = World::small();
    std::fs::set_permissions(world.path("support.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    needs_attention(&world, "permissions", "chmod 600 support.db");
}

#[test]
fn a_dead_delivery_needs_attention() {
    let world = World::small();
    world.run("ticket close 1").success();
    world.run("webhook add https://example.com/").success();
    assert_eq!(report(&world).0, 0);
    execute(
        &world,
        "INSERT INTO deliveries (webhook_id, event_id, state, attempts, due_at, created_at, last_at, took, status, answer)
         VALUES (1, 1, 'dead', 1, 0, 0, 0, 5, 400, 'no')",
    );
    needs_attention(&world, "deliveries", "support webhook deliveries --failed");
    let shown = world.json("webhook deliveries --failed");
    assert_eq!(shown["deliveries"].as_array().unwrap().len(), 1);
}

#[test]
fn a_pending_delivery_without_a_server_needs_attention() {
    let world = World::small();
    world.run("webhook add https://example.com/").success();
    world.run("ticket close 1").success();
    needs_attention(&world, "delivery_lease", "support serve");
}

#[test]
fn a_disabled_webhook_needs_attention() {
    let world = World::small();
    world.run("webhook add https://example.com/").success();
    execute(&world, "UPDATE webhooks SET disabled_at = 1750000000");
    needs_attention(&world, "webhook", "support webhook remove 1");
}

#[test]
fn a_long_lived_token_that_expires_soon_needs_attention() {
    let world = World::small();
    world.run("token issue --customer 1 --expires 1d").success();
    world.run("token issue --customer 1 --expires 30d").success();
    assert_eq!(report(&world).0, 0, "a short-lived token needs no attention");
    execute(&world, "UPDATE tokens SET created_at = created_at - 2592000 WHERE id = 1");
    needs_attention(&world, "tokens", "support token list");
}

#[test]
fn a_damaged_file_exits_with_code_3() {
    let world = World::small();
    execute(&world, "UPDATE customers SET rewards_active = 5 WHERE id = 3");
    let (code, document) = report(&world);
    assert_eq!((code, &document["state"]), (3, &json!("broken")));
    let output = world.run("doctor");
    assert_eq!(output.code, 3);
    assert!(output.out.contains("broken") && output.out.contains("support store restore BACKUP"), "{output:?}");
}

#[test]
fn the_full_check_finds_a_broken_foreign_key() {
    let world = World::small();
    execute(&world, "INSERT INTO rides (id, customer_id, pickup, dropoff) VALUES (50, 99, 'a', 'b')");
    assert_eq!(world.run("doctor").code, 0);
    let output = world.run("doctor --full --format json");
    assert_eq!(output.code, 3);
    assert_eq!(check(&output.json(), "integrity")["found"]["errors"], json!(["rides 50: no such row in customers"]));
}

#[test]
fn a_narrow_terminal_shows_each_command_below_the_table() {
    let world = World::small();
    std::fs::set_permissions(world.path("support.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    for language in ["en", "de", "fr", "zh"] {
        let output = terminal_output(&world, 80, "NO_COLOR=1", &format!("--lang {language} doctor"));
        let command = output.lines().find(|line| line.ends_with("chmod 600 support.db"));
        assert!(command.is_some_and(|line| line.contains(": ")), "{language}: {output}");
        assert!(!output.contains("--wide"), "no column is hidden: {output}");
    }
}
