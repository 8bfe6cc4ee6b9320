//! CSV output: valid by RFC 4180, and without formulas.

use serde_json::{Value, json};

use crate::world::{World, small};

fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

/// Creates the small world with one ticket per description, newest first.
fn world_with(descriptions: &[&str]) -> World {
    let mut fixture = small();
    let tickets = descriptions.iter().rev().enumerate().map(|(index, description)| {
        json!({"id": index + 1, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "rideId": 1,
               "description": description, "createdAt": format!("2025-06-01T00:00:{index:02}Z")})
    });
    fixture["tickets"] = Value::Array(tickets.collect());
    World::with_fixture(&fixture)
}

#[test]
fn a_row_contains_the_members_of_the_json() {
    let world = World::small();
    let (header, rows) = table(&world.run("ticket list --format csv").success().out);
    assert_eq!(rows.len(), 3);
    let ticket = &world.json("ticket list")["tickets"][1];
    let cell = |name: &str| rows[1][header.iter().position(|column| column == name).unwrap()].clone();
    for name in ["serviceType", "issueType", "status", "description", "updatedAt", "createdAt"] {
        assert_eq!(cell(name), ticket[name].as_str().unwrap(), "{name}");
    }
    assert_eq!(cell("ticketId"), "2");
    assert_eq!((cell("order.merchantName"), cell("order.total.amount")), ("Noodle Bar".into(), "23.50".into()));
    assert_eq!((cell("ride.id"), cell("customerId"), cell("level")), (String::new(), "1".into(), "2".into()));
}

#[test]
fn every_member_of_the_json_has_a_column() {
    fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    leaves(member, &path, found);
                }
            }
            Value::Null => {}
            _ => found.push(path.to_owned()),
        }
    }
    let world = World::small();
    world.run("points grant --customer 1 --points 1 --reason x").success();
    world.run("ticket close 1 --award").success();
    world.run("token issue --customer 1").success();
    world.run("token revoke 1").success();
    for command in ["ticket list", "points history --customer 1", "token list"] {
        let (header, _) = table(&world.run(&format!("{command} --format csv")).success().out);
        for line in world.run(&format!("{command} --format ndjson")).success().out.lines() {
            let mut found = Vec::new();
            leaves(&serde_json::from_str(line).unwrap(), "", &mut found);
            assert!(found.iter().all(|path| header.contains(path)), "{command}: {found:?} in {header:?}");
        }
    }
}

#[test]
fn descriptions_survive_a_round_trip() {
    let texts = ["plain", "a \"quoted\" word", "one,two", "three\nlines\r\nof text", "林晓雯 🎶", "semi;colon\ttab"];
    let world = world_with(&texts);
    let (header, rows) = table(&world.run("ticket list --format csv").success().out);
    let column = header.iter().position(|name| name == "description").unwrap();
    let read: Vec<_> = rows.iter().map(|row| row[column].as_str()).collect();
    assert_eq!(read, texts);
}

#[test]
fn no_cell_begins_like_a_formula() {
    let texts = ["=HYPERLINK(\"http://x\",\"y\")", "+1+1", "-1+1", "@SUM(A1)", "x=1"];
    let world = world_with(&texts);
    let (header, rows) = table(&world.run("ticket list --format csv").success().out);
    let column = header.iter().position(|name| name == "description").unwrap();
    for (row, text) in rows.iter().zip(texts) {
        let expected = if text == "x=1" { text.to_owned() } else { format!("'{text}") };
        assert_eq!(row[column], expected);
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
    }
}

#[test]
fn an_empty_list_has_a_header() {
    let output = World::small().run("ticket list --owner 3 --format csv").success();
    assert!(output.out.starts_with("ticketId,serviceType,") && output.out.lines().count() == 1, "{output:?}");
    assert_eq!(output.err, "no tickets match\n");
}
