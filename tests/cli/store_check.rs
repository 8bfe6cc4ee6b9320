//! `support store check`.

use std::fs;

use rusqlite::Connection;
use serde_json::json;

use crate::beside::serve;
use crate::store_backup::manifest;
use crate::world::World;

/// Runs statements without foreign keys and constraints, as damage does.
fn damage(world: &World, sql: &str) {
    let store = Connection::open(world.path("support.db")).unwrap();
    store.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    store.execute_batch(sql).unwrap();
}

#[test]
fn a_sound_store_has_no_findings_beside_a_server_too() {
    let world = World::demo();
    let head = world.json("audit verify")["head"].as_str().unwrap().to_owned();
    assert_eq!(world.json("store check"), json!({"head": head, "findings": []}));
    let _server = serve(&world);
    let output = world.run("store check").success();
    assert_eq!(output.out, format!("the store is sound; head: {head}\n"));
    assert_eq!(world.run("store check --format ndjson").success().out, "");
    assert_eq!(world.run("store check --format csv").success().out, "part,message\n");
}

#[test]
fn each_kind_of_damage_is_named() {
    for (sql, part, message) in [
        ("UPDATE customers SET rewards_active = 5 WHERE id = 3", "integrity", "customers"),
        (
            "INSERT INTO rides (id, customer_id, pickup, dropoff) VALUES (50, 99, 'a', 'b')",
            "references",
            "row 50 of rides refers to a missing row of customers",
        ),
        (
            "INSERT INTO event_audience (customer_id, event_id) VALUES (1, 77)",
            "references",
            "row 77 of event_audience refers to a missing row of outbox",
        ),
        (
            "UPDATE ticket_members SET created_at = 0 WHERE ticket_id = 1",
            "references",
            "row 1 of ticket_members refers to a missing row of tickets",
        ),
        ("UPDATE tickets SET status = 'CLOSED' WHERE id = 2", "audit", "ticket 2"),
        ("DROP TRIGGER ledger_is_never_cut; DELETE FROM ledger", "audit", "ledger"),
    ] {
        let world = World::small();
        world.run("points grant --customer 1 --points 5 --reason x").success();
        world.run("ticket close 1").success();
        damage(&world, sql);
        let output = world.run("store check --format json");
        let findings = output.json()["findings"].as_array().unwrap().clone();
        let is_named = |part: &str| {
            let text = |finding: &serde_json::Value| finding["message"].as_str().unwrap().to_owned();
            findings.iter().any(|finding| finding["part"] == part && text(finding).contains(message))
        };
        assert!(output.code == 1 && is_named(part), "{sql}: {findings:?}");
        let table = world.run("store check");
        assert!(table.code == 1 && table.out.contains(part), "{table:?}");
    }
}

#[test]
fn several_findings_are_listed() {
    let world = World::small();
    damage(
        &world,
        "UPDATE tickets SET status = 'CLOSED' WHERE id = 2;
         INSERT INTO rides (id, customer_id, pickup, dropoff) VALUES (50, 99, 'a', 'b'), (51, 98, 'a', 'b')",
    );
    let output = world.run("store check --format ndjson");
    assert_eq!((output.code, output.out.lines().count()), (1, 3), "{output:?}");
}

#[test]
fn a_head_that_the_log_does_not_contain_is_a_finding() {
    let world = World::small();
    world.run("store backup copy.db").success();
    world.run("ticket close 1").success();
    let head = manifest(&world, "copy.db")["head"].as_str().unwrap().to_owned();
    world.run(&format!("store check --expect-head {head}")).success();
    world.run("store check --manifest copy.db.manifest.json").success();
    let (entries, hash) = head.split_once(':').unwrap();
    let other: String = hash.chars().rev().collect();
    let output = world.run(&format!("store check --expect-head {entries}:{other}"));
    assert!(output.code == 1 && output.out.contains("audit"), "{output:?}");
    world.write("no.json", "{}");
    let output = world.run("store check --manifest no.json");
    assert!(output.code == 1 && output.err.contains("not a manifest"), "{output:?}");
}

#[test]
fn a_backup_is_checked_against_its_manifest_and_only_read() {
    let world = World::small();
    world.run("store backup copy.db").success();
    let copy = fs::read(world.path("copy.db")).unwrap();
    world.run("--db copy.db store check --manifest copy.db.manifest.json").success();
    assert!(fs::read(world.path("copy.db")).unwrap() == copy);
    let mut flipped = copy;
    let at = flipped.windows(8).position(|bytes| bytes == b"Mateo He").unwrap();
    flipped[at] ^= 1;
    world.write("copy.db", flipped);
    let output = world.run("--db copy.db store check --manifest copy.db.manifest.json --format json");
    assert_eq!(output.code, 1);
    assert_eq!(output.json()["findings"][0]["part"], "manifest");
}

#[test]
fn a_damaged_file_exits_with_code_3() {
    let world = World::small();
    let mut bytes = fs::read(world.path("support.db")).unwrap();
    bytes[4_096..].fill(0x55);
    world.write("support.db", bytes);
    assert_eq!(world.run("store check").code, 3);
}
