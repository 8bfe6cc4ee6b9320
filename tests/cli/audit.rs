//! `support audit`: list, verify and export.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::world::World;

/// Creates the small world with nine audit entries: 1 to 5 are from the fixture; then Maria closes ticket 1 and grants
/// points, and Mario issues and revokes a token.
fn world() -> World {
    let world = World::small();
    world.command("--agent maria ticket close 1 --reason").arg("refunded, \"gladly\"\tand\nat once").run().success();
    world.run("--agent maria points grant --customer 1 --points 5 --credit 1.50 --reason sorry").success();
    world.run("--agent mario token issue --customer 2").success();
    world.run("--agent mario token revoke 1").success();
    world
}

/// Runs SQL on the store file, with the triggers of the audit table dropped.
fn tamper(world: &World, sql: &str) {
    let store = Connection::open(world.path("support.db")).unwrap();
    store.execute_batch("DROP TRIGGER audit_is_never_rewritten; DROP TRIGGER audit_is_never_cut").unwrap();
    store.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    store.execute_batch(sql).unwrap();
}

fn ids(world: &World, args: &str) -> Vec<i64> {
    let document = world.json(&format!("audit list {args}"));
    document["entries"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()).collect()
}

/// Returns the verification script of `docs/audit-log.md`, which has ten lines.
fn documented_script() -> String {
    let page = include_str!("../../docs/audit-log.md");
    let script = page.split("```python\n").nth(1).expect("the page has a script").split("```").next().unwrap();
    assert_eq!(script.lines().count(), 10);
    script.to_owned()
}

/// Runs the script on an export. Returns its success and its output.
fn run_script(world: &World, export: &str) -> (bool, String) {
    world.write("verify.py", documented_script());
    world.write("export.ndjson", export);
    let input = std::fs::File::open(world.path("export.ndjson")).unwrap();
    let mut python = Command::new("python3");
    python.arg(world.path("verify.py")).env("PYTHONIOENCODING", "utf-8").stdin(input).stderr(Stdio::piped());
    let output = python.output().expect("python3 is installed");
    let text = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(text).unwrap().trim_end().to_owned())
}

#[test]
fn the_log_is_listed_newest_first() {
    let world = world();
    assert_eq!(ids(&world, ""), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(ids(&world, "--limit 2"), [9, 8]);
    let cursor = world.json("audit list --limit 2")["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(ids(&world, &format!("--after {cursor} --all")), [7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn each_filter_narrows_the_list() {
    let world = world();
    assert_eq!(ids(&world, "--ticket 1"), [6, 1]);
    assert_eq!(ids(&world, "--subject ticket:1"), [6, 1]);
    assert_eq!(ids(&world, "--customer 1"), [7]);
    assert_eq!(ids(&world, "--token 1"), [9, 8]);
    assert_eq!(ids(&world, "--action ticket.closed,points.granted"), [7, 6, 5]);
    assert_eq!(ids(&world, "--by maria"), [7, 6]);
    assert_eq!(ids(&world, "--by agent:mario --action token.revoked"), [9]);
    assert_eq!(ids(&world, "--by fixtures --ticket 2"), [3, 2]);
    assert_eq!(ids(&world, "--since 2025-06-02 --until 2025-06-03"), [5, 4]);
    assert_eq!(ids(&world, "--by customer:1"), [0_i64; 0]);
    let output = world.run("audit list --ticket 99").success();
    assert_eq!((output.out.as_str(), output.err.as_str()), ("", "no audit entries match\n"));
}

#[test]
fn webhook_operations_are_in_the_log() {
    let world = world();
    let run = |agent: &str, args: &str| world.run(&format!("--agent {agent} webhook {args}")).success();
    run("maria", "add https://example.com/hooks");
    run("maria", "secret rotate 1");
    run("mario", "remove 1 --yes");
    let entries = world.json("audit list --webhook 1")["entries"].clone();
    let actions = entries.as_array().unwrap().iter().map(|entry| (entry["action"].as_str(), entry["actor"].as_str()));
    let expected = [
        ("webhook.removed", "agent:mario"),
        ("webhook.secret_rotated", "agent:maria"),
        ("webhook.added", "agent:maria"),
    ];
    assert!(actions.eq(expected.map(|(action, actor)| (Some(action), Some(actor)))), "{entries}");
    assert_eq!(
        ids(&world, "--subject webhook:1"),
        ids(&world, "--action webhook.added,webhook.secret_rotated,webhook.removed")
    );
    assert!(world.run("webhook remove 1 --yes").code == 1 && ids(&world, "--webhook 1").len() == 3);
    world.run("audit verify").success();
}

#[test]
fn an_invalid_filter_is_a_usage_error() {
    let world = world();
    for args in [
        "--subject ride:1",
        "--subject ticket",
        "--subject ticket:0",
        "--action closed",
        "--ticket 1 --token 1",
        "--webhook 1 --token 1",
    ] {
        assert_eq!(world.run(&format!("audit list {args}")).code, 2, "{args}");
    }
    assert_eq!(world.run("audit verify --head 12").code, 2);
}

#[test]
fn an_entry_has_every_member_in_every_format() {
    let world = world();
    let entry = world.json("audit list --ticket 1 --limit 1")["entries"][0].clone();
    let names: Vec<&String> = entry.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 13);
    assert_eq!(entry["actor"], "agent:maria");
    assert_eq!((&entry["status"], &entry["level"]), (&json!("CLOSED"), &json!(1)));
    assert_eq!(entry["reason"], "refunded, \"gladly\"\tand\nat once");
    let first = world.json("audit list --ticket 1")["entries"][1].clone();
    assert_eq!((&first["previous"], &first["actor"]), (&Value::Null, &json!("fixtures")));
    assert_eq!(entry["previous"], first["hash"]);
    let grant = world.json("audit list --customer 1")["entries"][0].clone();
    assert_eq!((&grant["points"], &grant["credit"]["amount"]), (&json!(5), &json!("1.50")));
    let csv = world.run("audit list --all --format csv").success().out;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let read: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(read.len(), 9);
    assert_eq!(read[2].iter().collect::<Vec<_>>()[8..12], ["sorry", "5", "1.50", "USD"]);
    assert_eq!(read[3].iter().collect::<Vec<_>>()[8..12], ["refunded, \"gladly\"\tand\nat once", "", "", ""]);
    let table = world.run("audit list --ticket 1").success().out;
    assert!(table.contains("ticket.closed") && table.contains(&entry["hash"].as_str().unwrap()[..12]), "{table}");
    assert_eq!(world.run("audit list --format ndjson").success().out.lines().count(), 9);
}

#[test]
fn an_intact_log_is_verified() {
    let world = world();
    let output = world.run("audit verify").success();
    assert!(output.out.starts_with("the audit log is intact and matches the store (entries: 9); head: 9:"));
    assert_eq!(output.err, "");
    let report = world.json("audit verify");
    let counted = ["entries", "tickets", "tokens", "webhooks", "ledger", "notifications", "events"]
        .map(|name| report[name].clone());
    assert_eq!(counted, [9, 3, 1, 0, 1, 3, 1].map(Value::from));
    let head = report["head"].as_str().unwrap();
    world.run("ticket escalate 2").success();
    world.run(&format!("audit verify --head {head}")).success();
    let other = format!("9:{}", "0".repeat(64));
    let refused = world.run(&format!("audit verify --head {other}"));
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("does not contain the head with 9 entries"), "{refused:?}");
}

#[test]
fn an_altered_log_fails_with_a_message_and_a_code() {
    let world = world();
    tamper(&world, "UPDATE audit SET reason = 'never mind' WHERE id = 6");
    let hint = "another program changed the store: compare it with a backup";
    world.run("audit verify").fails_with(1, &format!("error: audit entry 6 was altered\n{hint}"));
    let output = world.run("audit verify --format json");
    assert_eq!((output.code, output.out.as_str()), (1, ""));
    assert_eq!(output.error(), ("AUDIT_BROKEN".to_owned(), "audit entry 6 was altered".to_owned()));
    let output = world.run("--lang fr audit verify");
    assert!(output.err.starts_with("error: l’entrée d’audit 6 a été modifiée\n"), "{output:?}");
}

#[test]
fn every_kind_of_inconsistency_has_a_message() {
    for (sql, sentence) in [
        ("DELETE FROM audit WHERE id = 9", "audit entry 9 is missing"),
        ("DELETE FROM audit WHERE id = 2", "audit entry 2 is missing"),
        ("UPDATE audit SET at = 0 WHERE id = 1", "audit entry 1 was altered"),
        ("UPDATE tickets SET status = 'CLOSED' WHERE id = 2", "ticket 2 does not match its last audit entry, entry 3"),
        (
            "DROP TRIGGER events_go_oldest_first; DELETE FROM outbox",
            "a row that audit entry 6 wrote to table outbox is missing",
        ),
        (
            "DROP TRIGGER notifications_go_oldest_first; DELETE FROM notifications WHERE id = 2",
            "row 2 of table notifications is missing",
        ),
        (
            "DROP TRIGGER ledger_is_never_cut; DELETE FROM ledger",
            "a row that audit entry 7 wrote to table ledger is missing",
        ),
        (
            "DROP TRIGGER ledger_is_never_rewritten; UPDATE ledger SET points = 500",
            "row 1 of table ledger does not match audit entry 7",
        ),
        ("DELETE FROM audit_head", "the audit log does not match its head"),
    ] {
        let world = world();
        tamper(&world, &format!("DROP TRIGGER audit_head_is_kept; {sql}"));
        let output = world.run("audit verify");
        assert_eq!(output.code, 1, "{sql}: {output:?}");
        assert!(output.err.contains(sentence), "{sql}: {output:?}");
    }
}

#[test]
fn the_export_equals_the_list_oldest_first() {
    let world = world();
    let exported: Vec<Value> =
        world.run("audit export").success().out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut listed = world.json("audit list --all")["entries"].as_array().unwrap().clone();
    listed.reverse();
    assert_eq!(exported, listed);
}

#[test]
fn a_csv_export_equals_the_list_oldest_first() {
    let world = World::small();
    let listed = world.run("audit list --all --format csv").success().out;
    let mut oldest_first: Vec<_> = listed.lines().skip(1).collect();
    oldest_first.reverse();
    let exported = world.run("audit export --format csv").success().out;
    assert_eq!(exported.lines().next(), listed.lines().next());
    assert_eq!(exported.lines().skip(1).collect::<Vec<_>>(), oldest_first);
    world.run("audit export --format csv --output a.csv").success();
    assert_eq!(std::fs::read_to_string(world.path("a.csv")).unwrap(), exported);
}

#[test]
fn an_export_creates_a_file_that_only_its_owner_can_read() {
    let world = world();
    let output = world.run("audit export --output a.ndjson").success();
    assert_eq!(
        (output.out.as_str(), output.err.as_str()),
        ("", "the audit log was written to a.ndjson (entries: 9)\n")
    );
    assert_eq!(std::fs::metadata(world.path("a.ndjson")).unwrap().permissions().mode() & 0o777, 0o600);
    let written = std::fs::read_to_string(world.path("a.ndjson")).unwrap();
    assert_eq!(written, world.run("audit export").success().out);
    let message = "error: a.ndjson already exists: name another file, or move it away first";
    world.run("audit export --output a.ndjson").fails_with(1, message);
    assert_eq!(std::fs::read_to_string(world.path("a.ndjson")).unwrap(), written);
    let output = world.run("audit export --output nowhere/a.ndjson");
    assert_eq!(output.code, 1);
    assert!(output.err.starts_with("error: nowhere/a.ndjson could not be written"), "{output:?}");
}

#[test]
fn audit_commands_create_no_store() {
    let world = World::without_a_store();
    for command in ["list", "verify", "export", "export --output a.ndjson"] {
        assert_eq!(world.run(&format!("audit {command}")).code, 3, "{command}");
    }
    assert!(!world.path("support.db").exists() && !world.path("a.ndjson").exists());
}

#[test]
fn the_documented_python_script_computes_the_same_head() {
    let world = world();
    world.command("--agent").arg("林 “晓雯” \\ 🎶\u{2028}é").arg("ticket").arg("close").arg("2").run().success();
    world.command("ticket close 2").run();
    let (success, head) = run_script(&world, &world.run("audit export").success().out);
    assert!(success, "{head}");
    assert_eq!(head, world.json("audit verify")["head"].as_str().unwrap());
}

#[test]
fn the_documented_python_script_finds_changed_entries() {
    let world = world();
    let export = world.run("audit export").success().out;
    let lines: Vec<&str> = export.lines().collect();
    let mut swapped = lines.clone();
    swapped.swap(5, 6);
    let without = [&lines[..3], &lines[4..]].concat();
    for (changed, entry) in [
        (export.replace("refunded", "rewarded"), 6),
        (export.replace("\"points\":5", "\"points\":6"), 7),
        (swapped.join("\n"), 6),
        (without.join("\n"), 4),
    ] {
        let result = run_script(&world, &changed);
        assert_eq!(result, (false, format!("entry {entry} was altered, removed or moved")));
    }
}
