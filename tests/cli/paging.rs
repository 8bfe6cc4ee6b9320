//! Lists, a page at a time.

use serde_json::Value;

use crate::world::{World, ids};

#[test]
fn a_page_has_fifty_rows_where_nothing_is_said() {
    let world = World::demo();
    assert_eq!(world.listed("").len(), 42);
    let said = world.run("ticket list --limit 10").done();
    assert_eq!(said.out.lines().count(), 11);
}

#[test]
fn every_order_pages_through_everything_once() {
    let world = World::demo();
    for sort in ["created", "updated", "level"] {
        let whole = world.listed(&format!("--sort {sort} --all"));
        assert_eq!(whole.len(), 42);
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = world.json(&format!("ticket list --sort {sort} --limit 10 {after}"));
            paged.extend(ids(&page));
            match &page["nextCursor"] {
                Value::String(cursor) => after = format!("--after {cursor}"),
                _ => break,
            }
        }
        assert_eq!(paged, whole, "{sort}");
    }
}

#[test]
fn a_filter_holds_on_every_page() {
    let world = World::demo();
    let whole = world.listed("--status OPEN --all");
    let page = world.json("ticket list --status OPEN --limit 5");
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = world.listed(&format!("--status OPEN --after {cursor}"));
    assert_eq!([ids(&page), rest].concat(), whole);
}

#[test]
fn what_follows_is_told_on_standard_error() {
    let world = World::demo();
    for format in ["table", "csv", "ndjson"] {
        let said = world.run(&format!("ticket list --limit 40 --format {format}")).done();
        let cursor = world.json("ticket list --limit 40")["nextCursor"].as_str().unwrap().to_owned();
        let hint = format!("more tickets follow: add --after {cursor} for the next page, or --all\n");
        assert_eq!(said.err, hint, "{format}");
        assert_eq!(world.listed(&format!("--after {cursor}")).len(), 2);
    }
    assert_eq!(world.run("ticket list --limit 40 --format json").err, "");
    assert_eq!(world.run("ticket list --limit 42").err, "");
    assert_eq!(world.run("ticket list --all").err, "");
}

#[test]
fn a_cursor_stays_good_while_tickets_are_added() {
    let world = World::demo();
    let page = world.json("ticket list --limit 40");
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description new").done();
    assert_eq!(world.listed(&format!("--after {}", page["nextCursor"].as_str().unwrap())), [2, 1]);
}

#[test]
fn everything_is_more_than_a_page_of_the_store() {
    let mut fixture = crate::world::small();
    let ticket = |id: i64| {
        serde_json::json!({"id": id, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "rideId": 1,
            "description": "x", "createdAt": "2025-06-01T00:00:00Z"})
    };
    fixture["tickets"] = (1..=1_234).map(ticket).collect();
    let world = World::of(&fixture);
    let newest_first: Vec<i64> = (1..=1_234).rev().collect();
    assert_eq!(world.listed("--all"), newest_first);
    assert_eq!(world.run("ticket list --all --format csv").done().out.lines().count(), 1_235);
    assert_eq!(world.run("ticket list --all --format ndjson").done().out.lines().count(), 1_234);
    let table = world.run("ticket list --all").done().out;
    assert_eq!(table.lines().count(), 1_235);
    let place = table.lines().next().unwrap().find("STATUS").unwrap();
    assert!(table.lines().skip(1).all(|line| line[place..].starts_with("OPEN")));
}
