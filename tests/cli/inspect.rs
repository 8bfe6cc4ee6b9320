//! Everything about a ticket.

use serde_json::{Value, json};

use crate::world::World;

/// The text with the times of today in place of their digits.
fn timeless(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let is_time = word.trim_end().len() == 20 && word.trim_end().ends_with('Z');
        let is_old = word.starts_with("2025-0");
        if is_time && !is_old { word.replace(word.trim_end(), "<now>") } else { word.to_owned() }
    });
    words.collect()
}

#[test]
fn a_page_tells_a_person_everything() {
    let world = World::small();
    world.asks("ticket escalate 1 --award --agent maria --reason").arg("second complaint").run().done();
    insta::assert_snapshot!(timeless(&world.run("ticket inspect 1").done().out));
}

#[test]
fn a_page_shows_an_order_and_its_lines() {
    insta::assert_snapshot!(World::small().run("ticket inspect 2").done().out);
}

#[test]
fn a_page_shows_a_booking_within_its_width() {
    let said = World::small().asks("ticket inspect 3").env("COLUMNS", "40").run().done();
    insta::assert_snapshot!(said.out);
}

#[test]
fn json_is_the_ticket_of_the_list_with_its_history() {
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
fn several_ids_give_an_array() {
    let world = World::small();
    let both = world.json("ticket inspect 3 1");
    assert_eq!((&both[0]["ticketId"], &both[1]["ticketId"]), (&json!(3), &json!(1)));
    let said = world.run("ticket inspect 3 99 --format json");
    assert_eq!((said.code, said.json().as_array().unwrap().len()), (1, 1));
    assert_eq!(said.error().0, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn ids_come_from_standard_input() {
    let world = World::small();
    let said = world.asks("ticket inspect - --format ndjson").input("1\n3\n").run().done();
    let ids: Vec<Value> =
        said.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["ticketId"].clone()).collect();
    assert_eq!(ids, [1, 3]);
}

#[test]
fn csv_has_a_row_for_each_ticket() {
    let world = World::small();
    let inspected = world.run("ticket inspect 3 2 1 --format csv").done().out;
    assert_eq!(inspected, world.run("ticket list --format csv").done().out);
}

#[test]
fn a_missing_ticket_is_not_found() {
    let said = World::small().run("ticket inspect 1 99");
    assert_eq!((said.code, said.err.as_str()), (1, "error: ticket 99 was not found\n"));
    assert!(said.out.starts_with("Ticket 1"), "{said:?}");
}
