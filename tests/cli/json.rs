//! JSON: the API's member names, complete, stable, and never cut or coloured.

use serde_json::{Value, json};

use crate::world::{World, small};

#[test]
fn a_list_is_one_document() {
    insta::assert_snapshot!(World::small().run("ticket list --format json").done().out);
}

#[test]
fn an_empty_list_is_a_document_too() {
    let world = World::small();
    let said = world.run("ticket list --owner 3 --format json").done();
    assert_eq!((said.json(), said.err.as_str()), (json!({"tickets": [], "nextCursor": null}), ""));
    let said = world.run("ticket list --owner 3 --format ndjson").done();
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
}

#[test]
fn ndjson_is_a_ticket_a_line() {
    let world = World::small();
    let said = world.run("ticket list --format ndjson").done();
    let lines: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Value::Array(lines), world.json("ticket list")["tickets"]);
}

#[test]
fn json_is_neither_cut_nor_wrapped() {
    let mut fixture = small();
    let long = "a very long story ".repeat(250).trim().to_owned();
    fixture["tickets"][0]["description"] = json!(long);
    let world = World::of(&fixture);
    let said = world.asks("ticket inspect 1 --format json").env("COLUMNS", "20").run().done();
    assert_eq!(said.json()["description"], long);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let world = World::demo();
    let asked = || world.run("ticket list --all --format json").done().out;
    assert_eq!(asked(), asked());
}

#[test]
fn everything_streams_as_one_document() {
    let world = World::demo();
    let document = world.json("ticket list --all");
    assert_eq!(document["tickets"].as_array().unwrap().len(), 42);
    assert_eq!(document["nextCursor"], Value::Null);
}
