//! `support fixtures`: built-in fixtures, files and generated data.

use serde_json::{Value, json};

use crate::world::{World, small};

fn loaded_counts(loaded: &Value) -> Vec<i64> {
    let lists = ["customers", "rides", "orders", "bookings", "tickets"];
    lists.iter().map(|list| loaded[list]["loaded"].as_i64().unwrap()).collect()
}

#[test]
fn the_demo_is_listed_and_loaded() {
    let world = World::without_a_store();
    let listed = world.json("fixtures list");
    let demo = &listed["fixtures"][0];
    assert_eq!((&demo["name"], &demo["tickets"]), (&json!("demo"), &json!(42)));
    let output = world.run("fixtures load demo").success();
    assert_eq!(output.out, "demo: loaded 12 customers, 15 rides, 13 orders, 11 bookings, 42 tickets\n");
    assert_eq!(world.ticket_ids("--all").len(), 42);
    insta::assert_snapshot!(world.command("fixtures list").env("COLUMNS", "120").run().out);
}

#[test]
fn loading_again_changes_nothing() {
    let world = World::small();
    let output = world.run("fixtures load fixture.json").success();
    assert_eq!(output.out, "fixture.json: nothing changed: all of it was loaded before\n");
    let loaded = world.json("fixtures load fixture.json");
    assert_eq!(loaded_counts(&loaded), [0, 0, 0, 0, 0]);
    assert_eq!(loaded["tickets"], json!({"loaded": 0, "unchanged": 3}));
}

#[test]
fn only_new_rows_are_loaded() {
    let world = World::small();
    let mut more = small();
    more["customers"].as_array_mut().unwrap().push(json!({"id": 4, "name": "Sam", "locale": "en"}));
    world.write("more.json", more.to_string());
    assert_eq!(world.run("fixtures load more.json").success().out, "more.json: loaded 1 customer\n");
}

#[test]
fn an_error_is_reported_with_its_path_and_nothing_is_loaded() {
    let world = World::small();
    let mut invalid = small();
    invalid["customers"].as_array_mut().unwrap().push(json!({"id": 4, "name": "Sam", "locale": "en"}));
    invalid["tickets"] = json!([{"id": 9, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "rideId": 99,
        "description": "x", "createdAt": "2025-06-01T00:00:00Z"}]);
    world.write("invalid.json", invalid.to_string());
    let output = world.run("fixtures load invalid.json");
    output.fails_with(1, "error: invalid.json: tickets[0].rideId: ride 99 is not in this file or the store");
    world.run("points balance --customer 4").fails_with(1, "error: customer 4 was not found");
}

#[test]
fn errors_in_a_file_are_reported_one_per_line_and_create_no_store() {
    let world = World::without_a_store();
    let invalid = json!({"customers": [{"id": 1, "name": "Amina", "nmae": "x"}, {"id": "2", "name": "Mateo"}]});
    world.write("invalid.json", invalid.to_string());
    let output = world.run("fixtures load invalid.json");
    assert_eq!(output.code, 1);
    let lines: Vec<_> = output.err.lines().collect();
    assert!(lines[0].starts_with("error: invalid.json: customers[0].nmae: "), "{output:?}");
    assert!(lines[1].starts_with("error: invalid.json: customers[1].id: "), "{output:?}");
    assert!(!world.path("support.db").exists());
    let output = world.run("fixtures load invalid.json --format json");
    let error: Value = serde_json::from_str(&output.err).unwrap();
    assert_eq!(error["error"]["code"], "INVALID_FIXTURE");
    assert_eq!(error["error"]["details"][1]["field"], "customers[1].id");
    assert!(error["error"]["message"].as_str().unwrap().starts_with("invalid.json: customers[0].nmae: "), "{error}");
}

#[test]
fn invalid_json_is_reported_with_its_position() {
    let world = World::without_a_store();
    world.write("invalid.json", "{\"customers\": [}");
    let output = world.run("fixtures load invalid.json");
    output.fails_with(1, "error: invalid.json: the text is not valid JSON (line 1, column 16)");
}

#[test]
fn a_row_that_differs_from_the_store_is_reported_with_both_values() {
    let world = World::small();
    let mut changed = small();
    changed["customers"][1]["email"] = json!("mateo@example.com");
    changed["rides"][0]["participantIds"] = json!([2, 3]);
    changed["orders"][0]["total"]["amount"] = json!("24.50");
    changed["bookings"][0]["partySize"] = json!(5);
    changed["tickets"][0]["description"] = json!("x".repeat(200));
    world.write("export.json", changed.to_string());
    let errors = [
        "error: export.json: customers[1].email: customer 2 has null in the store and \"mateo@example.com\" in the file",
        "error: export.json: rides[0].participantIds: ride 1 has [2] in the store and [2,3] in the file",
        "error: export.json: orders[0].total: order 1 has {\"amount\":\"23.50\",\"currency\":\"USD\"} in the store and \
         {\"amount\":\"24.50\",\"currency\":\"USD\"} in the file",
        "error: export.json: bookings[0].partySize: booking 1 has 4 in the store and 5 in the file",
        &format!(
            "error: export.json: tickets[0].description: ticket 1 has \"Payment was charged twice\" in the store and \"{}… in \
             the file",
            "x".repeat(79)
        ),
    ];
    world.run("fixtures load export.json").fails_with(1, &errors.join("\n"));
}

#[test]
fn the_index_of_a_row_includes_invalid_rows_before_it() {
    let world = World::small();
    let mut changed = small();
    changed["customers"][0]["name"] = json!("");
    changed["customers"][2]["name"] = json!("Lin");
    world.write("export.json", changed.to_string());
    let output = world.run("fixtures load export.json");
    assert!(
        output.err.contains("customers[0].name: ") && output.err.contains("customers[2].name: customer 3 has"),
        "{output:?}"
    );
}

#[test]
fn a_file_that_begins_with_a_byte_order_mark_is_loaded() {
    let world = World::without_a_store();
    world.write("marked.json", format!("\u{feff}{}", small()));
    world.run("fixtures load marked.json").success();
    assert_eq!(world.ticket_ids("--all"), [3, 2, 1]);
    let closed = world.command("ticket close - --format ndjson").input("\u{feff}1 2\n").run().success();
    assert_eq!(closed.out.lines().count(), 2);
}

#[test]
fn each_fixture_is_loaded_on_its_own() {
    let world = World::without_a_store();
    world.write("valid.json", small().to_string());
    world.write("invalid.json", "{}x");
    let output = world.run("fixtures load invalid.json none.json valid.json");
    assert_eq!(output.code, 1);
    assert_eq!(output.out, "valid.json: loaded 3 customers, 1 ride, 1 order, 1 booking, 3 tickets\n");
    assert!(output.err.contains("error: invalid.json: the text is not valid JSON"), "{output:?}");
    assert!(output.err.contains("no fixture or file is named none.json"), "{output:?}");
    let loaded = world.json("fixtures load valid.json valid.json");
    assert_eq!(loaded.as_array().unwrap().len(), 2);
}

#[test]
fn an_unknown_fixture_is_not_found() {
    let world = World::without_a_store();
    let output = world.run("fixtures load dmeo --format json");
    assert_eq!((output.code, output.error().0.as_str()), (1, "FIXTURE_NOT_FOUND"));
    assert!(!world.path("support.db").exists());
}

#[test]
fn a_loaded_ticket_has_the_history_of_its_status() {
    let history = World::small().json("ticket inspect 2")["history"].clone();
    let lines: Vec<_> = history.as_array().unwrap().iter().collect();
    let entries: Vec<_> =
        lines.iter().map(|line| (line["action"].as_str().unwrap(), line["by"].as_str().unwrap())).collect();
    assert_eq!(entries, [("ticket.created", "fixtures"), ("ticket.escalated", "fixtures")]);
}

#[test]
fn the_same_seed_generates_the_same_data() {
    let world = World::without_a_store();
    let generate = |file: &str, seed| {
        let size = "--tickets 300 --customers 40 --months 2";
        world.run(&format!("--db {file} fixtures generate {size} --seed {seed}")).success();
        let tickets = world.run(&format!("--db {file} ticket list --all --format ndjson")).success().out;
        tickets + &world.run(&format!("--db {file} ticket inspect 1 2 3 --format json")).success().out
    };
    assert_eq!(generate("one.db", 7), generate("two.db", 7));
    assert_ne!(generate("three.db", 8), generate("four.db", 9));
}

#[test]
fn generated_data_has_tickets_of_every_kind_with_their_history() {
    let world = World::without_a_store();
    let report = world.json("fixtures generate --tickets 600 --customers 50 --seed 7");
    assert_eq!(report, json!({"seed": 7, "customers": 50, "tickets": 600}));
    assert_eq!(world.ticket_ids("--all").len(), 600);
    for filter in ["--status OPEN", "--status ESCALATED", "--status CLOSED", "--level 3", "--service event_service"] {
        assert!(!world.ticket_ids(&format!("--all {filter}")).is_empty(), "{filter}");
    }
    let closed = world.ticket_ids("--status CLOSED --limit 1")[0];
    let history = world.json(&format!("ticket inspect {closed}"))["history"].clone();
    let kinds: Vec<_> = history.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    for kind in ["audit", "notification", "event"] {
        assert!(kinds.iter().filter(|each| **each == kind).count() >= 2, "{kind}: {kinds:?}");
    }
}

#[test]
fn data_is_generated_in_an_empty_store_only() {
    let world = World::small();
    let before = world.ticket_ids("--all");
    world
        .run("fixtures generate --tickets 10 --seed 1")
        .fails_with(1, "error: the store is not empty: name a new file with --db");
    assert_eq!(world.ticket_ids("--all"), before);
}

#[test]
fn the_number_of_generated_customers_depends_on_the_tickets() {
    let world = World::without_a_store();
    let customers = |file: &str, args: &str| {
        world.json(&format!("--db {file} fixtures generate {args} --seed 1"))["customers"].as_i64().unwrap()
    };
    assert_eq!(customers("one.db", "--tickets 30"), 3);
    assert_eq!(customers("two.db", "--tickets 0"), 1);
    assert_eq!(world.run("fixtures generate --tickets 5").code, 2);
    assert_eq!(world.run("fixtures generate --tickets 5 --seed 1 --months 0").code, 2);
}
