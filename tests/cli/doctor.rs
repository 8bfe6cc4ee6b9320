//! `support doctor`: how the store fares.

use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::world::{Said, World};

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

/// What is found under a name, in a document.
fn check<'d>(document: &'d Value, name: &str) -> &'d Value {
    document["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()
}

fn examined(world: &World) -> (i32, Value) {
    let said = world.run("doctor --format json");
    (said.code, said.json())
}

/// One thing alone does not fare well, so, and with this command.
#[track_caller]
fn needs(world: &World, name: &str, command: &str) {
    let (code, document) = examined(world);
    assert_eq!((code, &document["state"]), (1, &json!("attention")), "{document}");
    let bad: Vec<_> = document["checks"].as_array().unwrap().iter().filter(|check| check["state"] != "ok").collect();
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert_eq!((&bad[0]["check"], &bad[0]["command"]), (&json!(name), &json!(command)));
    let said = world.run("doctor");
    assert_eq!(said.code, 1);
    assert!(said.out.lines().any(|line| line.contains("  attention  ") && line.ends_with(command)), "{said:?}");
}

fn alter(world: &World, sql: &str) {
    let store = Connection::open(world.path("support.db")).unwrap();
    store.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    store.execute_batch(sql).unwrap();
}

#[test]
fn a_good_store_needs_nothing() {
    let world = World::small();
    let (code, document) = examined(&world);
    assert_eq!((code, &document["state"]), (0, &json!("ok")));
    let names: Vec<_> = document["checks"].as_array().unwrap().iter().map(|check| &check["check"]).collect();
    assert_eq!(names, CHECKS);
    assert_eq!(check(&document, "tickets")["found"], json!({"open": 1, "escalated": 1, "closed": 1}));
    assert_eq!(check(&document, "oldest")["found"], json!({"ticketId": 1, "createdAt": "2025-06-01T00:00:00Z"}));
    assert_eq!(check(&document, "permissions")["found"], json!({"mode": "0600"}));
    assert_eq!(check(&document, "integrity")["found"], json!({"finished": true, "errors": []}));
    let size = std::fs::metadata(world.path("support.db")).unwrap().len();
    assert_eq!(check(&document, "file")["found"], json!({"file": "support.db", "bytes": size}));
    world.run("doctor --full").done();
}

#[test]
fn a_table_tells_a_person() {
    let out = World::small().run("doctor").done().out;
    assert_eq!(out.lines().count(), CHECKS.len() + 1);
    for line in [
        "tickets                 ok     OPEN 1, ESCALATED 1, CLOSED 1",
        "oldest unclosed ticket  ok     ticket 1, opened 2025-06-01T00:00:00Z",
        "delivery worker         ok     none",
        "integrity               ok     no errors",
    ] {
        assert!(out.lines().any(|said| said == line), "{line}: {out}");
    }
}

#[test]
fn every_format_holds_every_check() {
    let world = World::small();
    let lines = world.run("doctor --format ndjson").done().out;
    let names: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["check"].clone()).collect();
    assert_eq!(names, CHECKS);
    let csv = world.run("doctor --format csv").done().out;
    assert!(csv.starts_with("check,state,found,command\nfile,ok,"), "{csv}");
    assert!(csv.contains("\ntickets,ok,\"OPEN 1, ESCALATED 1, CLOSED 1\",\n"), "{csv}");
}

#[test]
fn every_language_tells_it() {
    let world = World::small();
    let english = world.run("doctor").done().out;
    for language in ["fr", "es", "pt", "de", "ar", "hi", "zh"] {
        let said: Said = world.run(&format!("--lang {language} doctor")).done();
        assert_eq!(said.out.lines().count(), english.lines().count());
        assert!(!said.out.contains("doctor.") && !said.out.contains("%{") && said.out != english, "{said:?}");
    }
}

#[test]
fn a_file_that_others_can_read_needs_a_look() {
    let world = World::small();
    std::fs::set_permissions(world.path("support.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    needs(&world, "permissions", "chmod 600 support.db");
}

#[test]
fn a_delivery_that_was_given_up_needs_a_look() {
    let world = World::small();
    world.run("ticket close 1").done();
    world.run("webhook add https://example.com/").done();
    assert_eq!(examined(&world).0, 0);
    alter(
        &world,
        "INSERT INTO deliveries (webhook_id, event_id, state, attempts, due_at, created_at, last_at, took, status, answer)
         VALUES (1, 1, 'dead', 1, 0, 0, 0, 5, 400, 'no')",
    );
    needs(&world, "deliveries", "support webhook deliveries --failed");
    let shown = world.json("webhook deliveries --failed");
    assert_eq!(shown["deliveries"].as_array().unwrap().len(), 1);
}

#[test]
fn what_waits_without_a_server_needs_one() {
    let world = World::small();
    world.run("webhook add https://example.com/").done();
    world.run("ticket close 1").done();
    needs(&world, "delivery_lease", "support serve");
}

#[test]
fn a_disabled_webhook_needs_a_look() {
    let world = World::small();
    world.run("webhook add https://example.com/").done();
    alter(&world, "UPDATE webhooks SET disabled_at = 1750000000");
    needs(&world, "webhook", "support webhook remove 1");
}

#[test]
fn a_token_that_ends_soon_needs_a_look() {
    let world = World::small();
    world.run("token issue --customer 1 --expires 1d").done();
    world.run("token issue --customer 1 --expires 30d").done();
    assert_eq!(examined(&world).0, 0, "one that was never meant to last is no news");
    alter(&world, "UPDATE tokens SET created_at = created_at - 2592000 WHERE id = 1");
    needs(&world, "tokens", "support token list");
}

#[test]
fn a_damaged_file_ends_with_the_store_s_code() {
    let world = World::small();
    alter(&world, "UPDATE customers SET rewards_active = 5 WHERE id = 3");
    let (code, document) = examined(&world);
    assert_eq!((code, &document["state"]), (3, &json!("broken")));
    let said = world.run("doctor");
    assert_eq!(said.code, 3);
    assert!(said.out.contains("broken") && said.out.contains("restore it from a backup"), "{said:?}");
}

#[test]
fn a_reference_to_nothing_is_found_by_the_full_check() {
    let world = World::small();
    alter(&world, "INSERT INTO rides (id, customer_id, pickup, dropoff) VALUES (50, 99, 'a', 'b')");
    assert_eq!(world.run("doctor").code, 0);
    let said = world.run("doctor --full --format json");
    assert_eq!(said.code, 3);
    assert_eq!(check(&said.json(), "integrity")["found"]["errors"], json!(["rides 50: no such row in customers"]));
}
