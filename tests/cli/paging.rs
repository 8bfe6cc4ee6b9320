//! Paging of lists.

use serde_json::Value;

use crate::world::{World, ids};

#[test]
fn a_page_has_fifty_rows_by_default() {
    let world = World::demo();
    assert_eq!(world.ticket_ids("").len(), 42);
    let output = world.run("ticket list --limit 10").success();
    assert_eq!(output.out.lines().count(), 11);
}

#[test]
fn pages_of_every_sort_order_contain_every_ticket_once() {
    let world = World::demo();
    for sort in ["created", "updated", "level"] {
        let all = world.ticket_ids(&format!("--sort {sort} --all"));
        assert_eq!(all.len(), 42);
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = world.json(&format!("ticket list --sort {sort} --limit 10 {after}"));
            paged.extend(ids(&page));
            match &page["nextCursor"] {
                Value::String(cursor) => after = format!("--after {cursor}"),
                _ => break,
            }
        }
        assert_eq!(paged, all, "{sort}");
    }
}

#[test]
fn a_filter_applies_to_every_page() {
    let world = World::demo();
    let all = world.ticket_ids("--status OPEN --all");
    let page = world.json("ticket list --status OPEN --limit 5");
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = world.ticket_ids(&format!("--status OPEN --after {cursor}"));
    assert_eq!([ids(&page), rest].concat(), all);
}

#[test]
fn a_hint_on_standard_error_contains_the_next_cursor() {
    let world = World::demo();
    for format in ["table", "csv", "ndjson"] {
        let output = world.run(&format!("ticket list --limit 40 --format {format}")).success();
        let cursor = world.json("ticket list --limit 40")["nextCursor"].as_str().unwrap().to_owned();
        let hint = format!("more tickets follow: add --after {cursor} for the next page, or --all\n");
        assert_eq!(output.err, hint, "{format}");
        assert_eq!(world.ticket_ids(&format!("--after {cursor}")).len(), 2);
    }
    assert_eq!(world.run("ticket list --limit 40 --format json").err, "");
    assert_eq!(world.run("ticket list --limit 42").err, "");
    assert_eq!(world.run("ticket list --all").err, "");
}

#[test]
fn a_cursor_is_valid_after_new_tickets() {
    let world = World::demo();
    let page = world.json("ticket list --limit 40");
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description new").success();
    assert_eq!(world.ticket_ids(&format!("--after {}", page["nextCursor"].as_str().unwrap())), [2, 1]);
}

#[test]
fn all_rows_of_a_long_list_are_printed() {
    let mut fixture = crate::world::small();
    let ticket = |id: i64| {
        serde_json::json!({"id": id, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "rideId": 1,
            "description": "x", "createdAt": "2025-06-01T00:00:00Z"})
    };
    fixture["tickets"] = (1..=1_234).map(ticket).collect();
    let world = World::with_fixture(&fixture);
    let newest_first: Vec<i64> = (1..=1_234).rev().collect();
    assert_eq!(world.ticket_ids("--all"), newest_first);
    assert_eq!(world.run("ticket list --all --format csv").success().out.lines().count(), 1_235);
    assert_eq!(world.run("ticket list --all --format ndjson").success().out.lines().count(), 1_234);
    let table = world.run("ticket list --all").success().out;
    assert_eq!(table.lines().count(), 1_235);
    let column = table.lines().next().unwrap().find("STATUS").unwrap();
    assert!(table.lines().skip(1).all(|line| line[column..].starts_with("OPEN")));
}
