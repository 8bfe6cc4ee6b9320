//! Malicious text in the data: terminal escape sequences and forged rows.

use serde_json::{Value, json};

use crate::terminal::terminal_output;
use crate::world::{World, small};

/// Control sequences that a terminal interprets. Names and locations of the platform may contain them.
const PAYLOADS: &[&str] = &[
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}[31m",
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]8;;http://evil\u{1b}\\x",
    "\u{1b}P$q\u{1b}\\",
    "\u{1b}[6n",
    "\u{1b}c",
    "\u{9b}2J",
    "\u{9d}0;x\u{9c}",
    "\u{90}q\u{9c}",
    "\u{85}",
    "\u{8d}",
    "\u{7f}\u{7f}",
    "\u{8}\u{8}\u{8}",
    "\u{b}\u{c}",
    "\u{e}\u{f}",
    "\u{0}",
    "\rerror",
    "\u{202e}live",
    "\u{202a}\u{202b}\u{202c}\u{202d}",
    "\u{2066}\u{2067}\u{2068}\u{2069}",
    "\u{61c}\u{200e}\u{200f}",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}\u{2029}",
    "\u{e0041}\u{e0042}",
    "\u{ad}",
    "\u{fff9}",
];

/// Returns true if a terminal interprets the character, line feeds excepted.
fn is_unsafe(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Creates a world with these texts in all names and descriptions.
fn world(names: &str, description: &str) -> World {
    let mut fixture = small();
    fixture["customers"][0]["name"] = json!(format!("A{names}Z"));
    fixture["rides"][0]["pickupLocation"] = json!(format!("B{names}Z"));
    fixture["rides"][0]["dropoffLocation"] = json!(format!("C{names}Z"));
    fixture["orders"][0]["merchantName"] = json!(format!("D{names}Z"));
    fixture["bookings"][0]["venueName"] = json!(format!("E{names}Z"));
    for ticket in fixture["tickets"].as_array_mut().unwrap() {
        ticket["description"] = json!(format!("F{description}Z"));
    }
    World::with_fixture(&fixture)
}

/// Returns the payloads that are valid in this field of a fixture.
fn valid_payloads(fixture: impl Fn(&str) -> Value) -> String {
    let is_valid = |payload: &&&str| {
        let world = World::without_a_store();
        world.write("fixture.json", fixture(payload).to_string());
        world.run("fixtures load fixture.json").code == 0
    };
    PAYLOADS.iter().filter(is_valid).copied().collect()
}

/// Creates a world with every valid payload.
fn hostile() -> World {
    let names = valid_payloads(|payload| json!({"customers": [{"id": 1, "name": format!("A{payload}Z")}]}));
    let description = valid_payloads(|payload| {
        let mut fixture = small();
        fixture["tickets"][0]["description"] = json!(format!("A{payload}Z"));
        fixture
    });
    assert!(description.contains('\u{202e}') && description.contains('\r'), "the description rule allows these");
    world(&names, &description)
}

const COMMANDS: &[&str] =
    &["ticket list", "ticket inspect 1 2 3", "ticket list --search F", "ticket close 1 --dry-run"];

#[test]
fn no_control_character_reaches_a_pipe() {
    let world = hostile();
    for command in COMMANDS {
        for format in ["table", "json", "ndjson"] {
            let output = world.run(&format!("{command} --format {format}")).success();
            let found: Vec<_> = output.out.chars().chain(output.err.chars()).filter(|c| is_unsafe(*c)).collect();
            assert!(found.is_empty(), "{command} {format}: {found:?}");
        }
    }
}

#[test]
fn no_control_character_reaches_a_terminal() {
    let world = hostile();
    for command in COMMANDS {
        for format in ["table", "json", "ndjson", "csv"] {
            let output = terminal_output(&world, 120, "NO_COLOR=1", &format!("{command} --format {format}"));
            assert!(output.contains("ticket") || output.contains("OPEN"), "{output}");
            let found: Vec<_> = output.chars().filter(|c| is_unsafe(*c)).collect();
            assert!(found.is_empty(), "{command} {format}: {found:?}");
        }
    }
}

#[test]
fn json_and_csv_contain_the_unchanged_value() {
    let world = world("", "\u{202e}evil\u{2066}\r\nline\ttab");
    let ticket = world.json("ticket inspect 1");
    assert_eq!(ticket["description"], "F\u{202e}evil\u{2066}\r\nline\ttabZ");
    let csv = world.run("ticket inspect 1 --format csv").success().out;
    assert!(csv.contains("F\u{202e}evil\u{2066}\r\nline\ttabZ"), "{csv:?}");
}

#[test]
fn a_ticket_cannot_forge_a_row_or_a_line_of_history() {
    let world = world("", "x\n99  CLOSED  3\r100  CLOSED");
    let table = world.command("ticket list").env("COLUMNS", "150").run().success().out;
    assert_eq!(table.lines().count(), 4);
    assert!(table.contains("Fx↵99  CLOSED  3␍100  CLOSEDZ"), "{table}");
    let page = world.run("ticket inspect 1").success().out;
    assert!(page.contains("\n  99  CLOSED  3␍100  CLOSEDZ\n"), "{page}");
}

#[test]
fn error_messages_about_fixtures_are_sanitized() {
    let world = World::without_a_store();
    world.write("invalid.json", json!({"\u{1b}[2J\u{202e}": [], "customers": [{"\u{9b}x": 1}]}).to_string());
    for format in ["table", "json"] {
        let output = world.run(&format!("fixtures load invalid.json --format {format}"));
        assert_eq!(output.code, 1);
        assert!(!output.err.chars().any(is_unsafe), "{output:?}");
    }
    let output = world.command("fixtures load").arg("no\u{1b}[2Jsuch").run();
    assert!(output.code == 1 && !output.err.chars().any(is_unsafe), "{output:?}");
}

#[test]
fn a_placeholder_in_a_text_is_not_replaced() {
    let world = World::small();
    world.command("ticket close 1 --agent").arg("%{action}").arg("--reason").arg("%{id} %{reason}").run().success();
    let page = world.run("ticket inspect 1").success().out;
    assert!(page.contains("ticket.closed by %{action}") && page.contains("reason: %{id} %{reason}"), "{page}");
}
