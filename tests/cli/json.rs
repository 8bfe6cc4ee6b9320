//! JSON output: the member names of the API, complete, stable, never truncated or coloured.

use serde_json::{Value, json};

use crate::world::{World, small};

#[test]
fn a_list_is_one_document() {
    insta::assert_snapshot!(World::small().run("ticket list --format json").success().out);
}

#[test]
fn an_empty_list_is_a_document_too() {
    let world = World::small();
    let output = world.run("ticket list --owner 3 --format json").success();
    assert_eq!((output.json(), output.err.as_str()), (json!({"tickets": [], "nextCursor": null}), ""));
    let output = world.run("ticket list --owner 3 --format ndjson").success();
    assert_eq!((output.out.as_str(), output.err.as_str()), ("", ""));
}

#[test]
fn ndjson_has_one_ticket_per_line() {
    let world = World::small();
    let output = world.run("ticket list --format ndjson").success();
    let lines: Vec<Value> = output.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Value::Array(lines), world.json("ticket list")["tickets"]);
}

#[test]
fn json_is_neither_truncated_nor_wrapped() {
    let mut fixture = small();
    let text = "a very long story ".repeat(250).trim().to_owned();
    fixture["tickets"][0]["description"] = json!(text);
    let world = World::with_fixture(&fixture);
    let output = world.command("ticket inspect 1 --format json").env("COLUMNS", "20").run().success();
    assert_eq!(output.json()["description"], text);
}

#[test]
fn output_is_deterministic() {
    let world = World::demo();
    let list = || world.run("ticket list --all --format json").success().out;
    assert_eq!(list(), list());
}

#[test]
fn all_pages_are_one_document() {
    let world = World::demo();
    let document = world.json("ticket list --all");
    assert_eq!(document["tickets"].as_array().unwrap().len(), 42);
    assert_eq!(document["nextCursor"], Value::Null);
}
