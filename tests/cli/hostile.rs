//! Text that someone wrote to harm the agent who reads it.

use serde_json::{Value, json};

use crate::terminal::seen;
use crate::world::{World, small};

/// What a terminal would act on: it may stand in names and places, which the platform gives us as they are.
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

/// Whether a terminal would act on it, but for the line breaks that a listing ends its lines with.
fn acts(sign: char) -> bool {
    sign.is_control() && sign != '\n'
        || matches!(sign, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A world where each text that may hold something holds this.
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
    World::of(&fixture)
}

/// The payloads that this place takes: the fixture's own rules keep some out.
fn accepted(makes: impl Fn(&str) -> Value) -> String {
    let takes = |payload: &&&str| {
        let trial = World::without_a_store();
        trial.write("trial.json", makes(payload).to_string());
        trial.run("fixtures load trial.json").code == 0
    };
    PAYLOADS.iter().filter(takes).copied().collect()
}

/// A world that holds every payload that can be brought into it.
fn hostile() -> World {
    let names = accepted(|payload| json!({"customers": [{"id": 1, "name": format!("A{payload}Z")}]}));
    let description = accepted(|payload| {
        let mut fixture = small();
        fixture["tickets"][0]["description"] = json!(format!("A{payload}Z"));
        fixture
    });
    assert!(description.contains('\u{202e}') && description.contains('\r'), "the description rule lets these in");
    world(&names, &description)
}

const COMMANDS: &[&str] =
    &["ticket list", "ticket inspect 1 2 3", "ticket list --search F", "ticket close 1 --dry-run"];

#[test]
fn nothing_that_acts_reaches_a_pipe() {
    let world = hostile();
    for command in COMMANDS {
        for format in ["table", "json", "ndjson"] {
            let said = world.run(&format!("{command} --format {format}")).done();
            let found: Vec<_> = said.out.chars().chain(said.err.chars()).filter(|sign| acts(*sign)).collect();
            assert!(found.is_empty(), "{command} {format}: {found:?}");
        }
    }
}

#[test]
fn nothing_that_acts_reaches_a_terminal() {
    let world = hostile();
    for command in COMMANDS {
        for format in ["table", "json", "ndjson", "csv"] {
            let seen = seen(&world, 120, "NO_COLOR=1", &format!("{command} --format {format}"));
            assert!(seen.contains("ticket") || seen.contains("OPEN"), "{seen}");
            let found: Vec<_> = seen.chars().filter(|sign| acts(*sign)).collect();
            assert!(found.is_empty(), "{command} {format}: {found:?}");
        }
    }
}

#[test]
fn the_value_itself_is_kept() {
    let world = world("", "\u{202e}evil\u{2066}\r\nline\ttab");
    let ticket = world.json("ticket inspect 1");
    assert_eq!(ticket["description"], "F\u{202e}evil\u{2066}\r\nline\ttabZ");
    let csv = world.run("ticket inspect 1 --format csv").done().out;
    assert!(csv.contains("F\u{202e}evil\u{2066}\r\nline\ttabZ"), "{csv:?}");
}

#[test]
fn a_ticket_cannot_forge_a_row_or_a_line_of_history() {
    let world = world("", "x\n99  CLOSED  3\r100  CLOSED");
    let table = world.asks("ticket list").env("COLUMNS", "150").run().done().out;
    assert_eq!(table.lines().count(), 4);
    assert!(table.contains("Fx↵99  CLOSED  3␍100  CLOSEDZ"), "{table}");
    let page = world.run("ticket inspect 1").done().out;
    assert!(page.contains("\n  99  CLOSED  3␍100  CLOSEDZ\n"), "{page}");
}

#[test]
fn a_fixture_file_cannot_harm_by_its_errors() {
    let world = World::without_a_store();
    world.write("faulty.json", json!({"\u{1b}[2J\u{202e}": [], "customers": [{"\u{9b}x": 1}]}).to_string());
    for format in ["table", "json"] {
        let said = world.run(&format!("fixtures load faulty.json --format {format}"));
        assert_eq!(said.code, 1);
        assert!(!said.err.chars().any(acts), "{said:?}");
    }
    let said = world.asks("fixtures load").arg("no\u{1b}[2Jsuch").run();
    assert!(said.code == 1 && !said.err.chars().any(acts), "{said:?}");
}

#[test]
fn a_placeholder_in_a_text_stays_a_placeholder() {
    let world = World::small();
    world.asks("ticket close 1 --agent").arg("%{action}").arg("--reason").arg("%{id} %{reason}").run().done();
    let page = world.run("ticket inspect 1").done().out;
    assert!(page.contains("ticket.closed by %{action}") && page.contains("reason: %{id} %{reason}"), "{page}");
}
