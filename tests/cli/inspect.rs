//! `support ticket inspect`.

use serde_json::{Value, json};

use crate::world::World;

/// Replaces the current times in a text by `<now>`.
fn without_current_times(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let is_time = word.trim_end().len() == 20 && word.trim_end().ends_with('Z');
        let is_fixed = word.starts_with("2025-0");
        if is_time && !is_fixed { word.replace(word.trim_end(), "<now>") } else { word.to_owned() }
    });
    words.collect()
}

#[test]
fn a_page_shows_all_details() {
    let world = World::small();
    world.command("ticket escalate 1 --award --agent maria --reason").arg("second complaint").run().success();
    insta::assert_snapshot!(without_current_times(&world.run("ticket inspect 1").success().out));
}

#[test]
fn a_page_shows_an_order_and_its_lines() {
    insta::assert_snapshot!(World::small().run("ticket inspect 2").success().out);
}

#[test]
fn a_page_shows_a_booking_within_its_width() {
    let output = World::small().command("ticket inspect 3").env("COLUMNS", "40").run().success();
    insta::assert_snapshot!(output.out);
}

#[test]
fn json_contains_the_ticket_of_the_list_and_its_history() {
    let world = World::small();
    let mut inspected = world.json("ticket inspect 2");
    let history = inspected.as_object_mut().unwrap().remove("history").unwrap();
    assert_eq!(inspected, world.json("ticket list")["tickets"][1]);
    let first = json!({"kind": "audit", "at": "2025-06-01T23:59:59Z", "action": "ticket.created", "by": "fixtures",
        "requestId": null, "status": "OPEN", "level": 1, "reason": null});
    assert_eq!(history[0], first);
    assert_eq!(history.as_array().unwrap().len(), 2);
}

#[test]
fn several_ids_print_an_array() {
    let world = World::small();
    let both = world.json("ticket inspect 3 1");
    assert_eq!((&both[0]["ticketId"], &both[1]["ticketId"]), (&json!(3), &json!(1)));
    let output = world.run("ticket inspect 3 99 --format json");
    assert_eq!((output.code, output.json().as_array().unwrap().len()), (1, 1));
    assert_eq!(output.error().0, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn ids_come_from_standard_input() {
    let world = World::small();
    let output = world.command("ticket inspect - --format ndjson").input("1\n3\n").run().success();
    let ids: Vec<Value> =
        output.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["ticketId"].clone()).collect();
    assert_eq!(ids, [1, 3]);
}

#[test]
fn csv_has_a_row_for_each_ticket() {
    let world = World::small();
    let inspected = world.run("ticket inspect 3 2 1 --format csv").success().out;
    assert_eq!(inspected, world.run("ticket list --format csv").success().out);
}

#[test]
fn a_missing_ticket_is_not_found() {
    let output = World::small().run("ticket inspect 1 99");
    assert_eq!((output.code, output.err.as_str()), (1, "error: ticket 99 was not found\n"));
    assert!(output.out.starts_with("Ticket 1"), "{output:?}");
}
