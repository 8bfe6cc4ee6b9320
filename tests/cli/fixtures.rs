//! Fixtures: what the executable carries, and files.

use serde_json::{Value, json};

use crate::world::{World, small};

fn tally(loaded: &Value) -> Vec<i64> {
    let lists = ["customers", "rides", "orders", "bookings", "tickets"];
    lists.iter().map(|list| loaded[list]["loaded"].as_i64().unwrap()).collect()
}

#[test]
fn the_demo_is_listed_and_loaded() {
    let world = World::without_a_store();
    let listed = world.json("fixtures list");
    let demo = &listed["fixtures"][0];
    assert_eq!((&demo["name"], &demo["tickets"]), (&json!("demo"), &json!(42)));
    let said = world.run("fixtures load demo").done();
    assert_eq!(said.out, "demo: loaded 12 customers, 15 rides, 13 orders, 11 bookings, 42 tickets\n");
    assert_eq!(world.listed("--all").len(), 42);
    insta::assert_snapshot!(world.asks("fixtures list").env("COLUMNS", "120").run().out);
}

#[test]
fn loading_again_changes_nothing_and_says_so() {
    let world = World::small();
    let said = world.run("fixtures load fixture.json").done();
    assert_eq!(said.out, "fixture.json: nothing changed: all of it was loaded before\n");
    let loaded = world.json("fixtures load fixture.json");
    assert_eq!(tally(&loaded), [0, 0, 0, 0, 0]);
    assert_eq!(loaded["tickets"], json!({"loaded": 0, "unchanged": 3}));
}

#[test]
fn only_what_is_new_is_loaded() {
    let world = World::small();
    let mut more = small();
    more["customers"].as_array_mut().unwrap().push(json!({"id": 4, "name": "Sam", "locale": "en"}));
    world.write("more.json", more.to_string());
    assert_eq!(world.run("fixtures load more.json").done().out, "more.json: loaded 1 customer\n");
}

#[test]
fn every_fault_is_told_with_its_place_and_nothing_is_loaded() {
    let world = World::small();
    let mut faulty = small();
    faulty["customers"].as_array_mut().unwrap().push(json!({"id": 4, "name": "Sam", "locale": "en"}));
    faulty["tickets"] = json!([{"id": 9, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "rideId": 99,
        "description": "x", "createdAt": "2025-06-01T00:00:00Z"}]);
    world.write("faulty.json", faulty.to_string());
    let said = world.run("fixtures load faulty.json");
    said.failed(1, "error: faulty.json: tickets[0].rideId: ride 99 is not in this file or the store");
    world.run("points balance --customer 4").failed(1, "error: customer 4 was not found");
}

#[test]
fn faults_in_the_file_alone_are_told_a_line_each_and_make_no_store() {
    let world = World::without_a_store();
    let faulty = json!({"customers": [{"id": 1, "name": "Amina", "nmae": "x"}, {"id": "2", "name": "Mateo"}]});
    world.write("faulty.json", faulty.to_string());
    let said = world.run("fixtures load faulty.json");
    assert_eq!(said.code, 1);
    let lines: Vec<_> = said.err.lines().collect();
    assert!(lines[0].starts_with("error: faulty.json: customers[0].nmae: "), "{said:?}");
    assert!(lines[1].starts_with("error: faulty.json: customers[1].id: "), "{said:?}");
    assert!(!world.path("support.db").exists());
    let said = world.run("fixtures load faulty.json --format json");
    let error: Value = serde_json::from_str(&said.err).unwrap();
    assert_eq!(error["error"]["code"], "INVALID_FIXTURE");
    assert_eq!(error["error"]["details"][1]["field"], "customers[1].id");
    assert!(error["error"]["message"].as_str().unwrap().starts_with("faulty.json: customers[0].nmae: "), "{error}");
}

#[test]
fn a_file_that_is_not_json_is_told_where() {
    let world = World::without_a_store();
    world.write("faulty.json", "{\"customers\": [}");
    let said = world.run("fixtures load faulty.json");
    said.failed(1, "error: faulty.json: the text is not valid JSON (line 1, column 16)");
}

#[test]
fn a_row_that_stands_otherwise_in_the_store_is_told_with_its_members_and_both_values() {
    let world = World::small();
    let mut changed = small();
    changed["customers"][1]["email"] = json!("mateo@example.com");
    changed["rides"][0]["participantIds"] = json!([2, 3]);
    changed["orders"][0]["total"]["amount"] = json!("24.50");
    changed["bookings"][0]["partySize"] = json!(5);
    changed["tickets"][0]["description"] = json!("x".repeat(200));
    world.write("export.json", changed.to_string());
    let told = [
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
    world.run("fixtures load export.json").failed(1, &told.join("\n"));
}

#[test]
fn a_place_counts_the_faulty_rows_before_it() {
    let world = World::small();
    let mut changed = small();
    changed["customers"][0]["name"] = json!("");
    changed["customers"][2]["name"] = json!("Lin");
    world.write("export.json", changed.to_string());
    let said = world.run("fixtures load export.json");
    assert!(
        said.err.contains("customers[0].name: ") && said.err.contains("customers[2].name: customer 3 has"),
        "{said:?}"
    );
}

#[test]
fn a_file_that_begins_with_a_byte_order_mark_is_loaded() {
    let world = World::without_a_store();
    world.write("marked.json", format!("\u{feff}{}", small()));
    world.run("fixtures load marked.json").done();
    assert_eq!(world.listed("--all"), [3, 2, 1]);
    let closed = world.asks("ticket close - --format ndjson").input("\u{feff}1 2\n").run().done();
    assert_eq!(closed.out.lines().count(), 2);
}

#[test]
fn several_are_tried_each_by_itself() {
    let world = World::without_a_store();
    world.write("good.json", small().to_string());
    world.write("faulty.json", "{}x");
    let said = world.run("fixtures load faulty.json none.json good.json");
    assert_eq!(said.code, 1);
    assert_eq!(said.out, "good.json: loaded 3 customers, 1 ride, 1 order, 1 booking, 3 tickets\n");
    assert!(said.err.contains("error: faulty.json: the text is not valid JSON"), "{said:?}");
    assert!(said.err.contains("no fixture or file is named none.json"), "{said:?}");
    let loaded = world.json("fixtures load good.json good.json");
    assert_eq!(loaded.as_array().unwrap().len(), 2);
}

#[test]
fn what_is_neither_a_fixture_nor_a_file_is_said_to_be_neither() {
    let world = World::without_a_store();
    let said = world.run("fixtures load dmeo --format json");
    assert_eq!((said.code, said.error().0.as_str()), (1, "FIXTURE_NOT_FOUND"));
    assert!(!world.path("support.db").exists());
}

#[test]
fn a_ticket_loaded_in_a_state_has_the_history_of_that_state_and_no_more() {
    let history = World::small().json("ticket inspect 2")["history"].clone();
    let lines: Vec<_> = history.as_array().unwrap().iter().collect();
    let told: Vec<_> =
        lines.iter().map(|line| (line["action"].as_str().unwrap(), line["by"].as_str().unwrap())).collect();
    assert_eq!(told, [("ticket.created", "fixtures"), ("ticket.escalated", "fixtures")]);
}

#[test]
fn an_invented_world_is_the_same_for_the_same_seed() {
    let world = World::without_a_store();
    let invented = |file: &str, seed| {
        let size = "--tickets 300 --customers 40 --months 2";
        world.run(&format!("--db {file} fixtures generate {size} --seed {seed}")).done();
        let tickets = world.run(&format!("--db {file} ticket list --all --format ndjson")).done().out;
        tickets + &world.run(&format!("--db {file} ticket inspect 1 2 3 --format json")).done().out
    };
    assert_eq!(invented("one.db", 7), invented("two.db", 7));
    assert_ne!(invented("three.db", 8), invented("four.db", 9));
}

#[test]
fn an_invented_world_has_tickets_of_every_kind_with_their_whole_history() {
    let world = World::without_a_store();
    let told = world.json("fixtures generate --tickets 600 --customers 50 --seed 7");
    assert_eq!(told, json!({"seed": 7, "customers": 50, "tickets": 600}));
    assert_eq!(world.listed("--all").len(), 600);
    for filter in ["--status OPEN", "--status ESCALATED", "--status CLOSED", "--level 3", "--service event_service"] {
        assert!(!world.listed(&format!("--all {filter}")).is_empty(), "{filter}");
    }
    let closed = world.listed("--status CLOSED --limit 1")[0];
    let history = world.json(&format!("ticket inspect {closed}"))["history"].clone();
    let kinds: Vec<_> = history.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    for kind in ["audit", "notification", "event"] {
        assert!(kinds.iter().filter(|each| **each == kind).count() >= 2, "{kind}: {kinds:?}");
    }
}

#[test]
fn a_world_is_invented_in_an_empty_store_alone() {
    let world = World::small();
    let before = world.listed("--all");
    world
        .run("fixtures generate --tickets 10 --seed 1")
        .failed(1, "error: the store is not empty: name a new file with --db");
    assert_eq!(world.listed("--all"), before);
}

#[test]
fn an_invented_world_has_customers_enough() {
    let world = World::without_a_store();
    let customers = |file: &str, args: &str| {
        world.json(&format!("--db {file} fixtures generate {args} --seed 1"))["customers"].as_i64().unwrap()
    };
    assert_eq!(customers("one.db", "--tickets 30"), 3);
    assert_eq!(customers("two.db", "--tickets 0"), 1);
    assert_eq!(world.run("fixtures generate --tickets 5").code, 2);
    assert_eq!(world.run("fixtures generate --tickets 5 --seed 1 --months 0").code, 2);
}
