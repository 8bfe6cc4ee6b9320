//! `support ticket list`: filters, search and sort orders.

use serde_json::{Value, json};

use crate::world::{World, small};

#[test]
fn the_newest_ticket_is_first() {
    assert_eq!(World::small().ticket_ids(""), [3, 2, 1]);
}

#[test]
fn tickets_are_filtered_by_status() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--status OPEN"), [1]);
    assert_eq!(world.ticket_ids("--status OPEN,CLOSED"), [3, 1]);
    assert_eq!(world.ticket_ids("--status OPEN --status ESCALATED"), [2, 1]);
    assert_eq!(world.ticket_ids("--status closed"), [3]);
}

#[test]
fn tickets_are_filtered_by_service_and_issue() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--service ride,booking"), [3, 1]);
    assert_eq!(world.ticket_ids("--issue DELIVERY_ISSUE"), [2]);
    assert_eq!(world.ticket_ids("--issue OTHER --service ride"), Vec::<i64>::new());
}

#[test]
fn tickets_are_filtered_by_level() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--level 2"), [2]);
    assert_eq!(world.ticket_ids("--level 1,3"), [3, 1]);
}

#[test]
fn tickets_are_filtered_by_owner_and_by_customer() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--owner 1"), [2, 1]);
    assert_eq!(world.ticket_ids("--owner 2 --owner 3"), [3]);
    assert_eq!(world.ticket_ids("--customer 1"), [2, 1]);
    for customers in ["--customer 3", "--customer 2,3", "--customer 2 --customer 3"] {
        let own = world.ticket_ids(&customers.replace("customer", "owner"));
        for sort in ["created", "updated", "level"] {
            let mut all = world.ticket_ids(&format!("{customers} --sort {sort}"));
            all.sort_unstable();
            let expected: Vec<_> = [1, 2, 3].into_iter().filter(|id| *id == 1 || own.contains(id)).collect();
            assert_eq!(all, expected, "{customers} by {sort}");
        }
    }
    assert_eq!(world.ticket_ids("--customer 3 --owner 1"), [1]);
    assert_eq!(world.ticket_ids("--customer 3 --status CLOSED --owner 1"), Vec::<i64>::new());
}

#[test]
fn both_ends_of_a_period_are_inclusive() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--since 2025-06-01 --until 2025-06-01"), [2, 1]);
    assert_eq!(world.ticket_ids("--since 2025-06-02"), [3]);
    assert_eq!(world.ticket_ids("--until 2025-05-31"), Vec::<i64>::new());
    assert_eq!(world.ticket_ids("--since 2025-06-01T23:59:59Z --until 2025-06-01T23:59:59Z"), [2]);
    assert_eq!(world.ticket_ids("--since 2025-06-02T01:59:59+02:00"), [3, 2]);
}

#[test]
fn a_period_applies_to_the_time_of_the_sort_order() {
    let world = World::small();
    world.run("ticket close 1").success();
    assert_eq!(world.ticket_ids("--sort updated --since 2025-06-06"), [1]);
    assert_eq!(world.ticket_ids("--sort updated --since 2025-06-03 --until 2025-06-05"), [2, 3]);
    assert_eq!(world.ticket_ids("--sort level --since 2025-06-03"), Vec::<i64>::new());
}

#[test]
fn a_time_out_of_range_is_a_usage_error() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--until 9999-12-30"), [3, 2, 1]);
    for time in ["9999-12-31", "9999-12-31T00:00:00Z"] {
        for list in ["ticket list --until", "ticket list --since", "audit list --until"] {
            let output = world.run(&format!("{list} {time}"));
            assert_eq!((output.code, output.out.as_str()), (2, ""), "{list} {time}");
            let range = "expected a time from 0000-01-01T00:00:00Z to 9999-12-30T22:00:00Z";
            assert!(output.err.contains(range), "{list} {time}: {}", output.err);
        }
    }
}

#[test]
fn a_search_ignores_case_accents_and_word_order() {
    let world = World::small();
    assert_eq!(search(&world, "TWICE charged", ""), [1]);
    assert_eq!(search(&world, "charg", ""), [1]);
    assert_eq!(search(&world, "桌子", ""), [3]);
    assert_eq!(search(&world, "the", ""), [2]);
    assert_eq!(search(&world, "twice soup", ""), Vec::<i64>::new());
    assert_eq!(search(&world, "missing", "--status ESCALATED --service order --level 2 --customer 1"), [2]);
    assert_eq!(search(&world, "missing", "--status OPEN"), Vec::<i64>::new());
}

#[test]
fn a_search_in_each_language_finds_its_tickets() {
    let world = World::demo();
    for (words, ids) in [
        ("umbrella shuttle sleet", &[][..]),
        ("shuttle sleet", &[6]),
        ("galette", &[9]),
        ("confirmacion abuela", &[4]),
        ("motorista voo", &[18]),
        ("strasse koffern", &[3]),
        ("Straßen KOFFER", &[3]),
        ("حقيبة سوداء", &[14]),
        ("ड्राइवर शुल्क", &[7]),
        ("优惠券", &[5]),
    ] {
        assert_eq!(search(&world, words, ""), ids, "{words}");
    }
}

#[test]
fn punctuation_in_a_search_is_ignored() {
    let world = World::small();
    for text in ["twice*", "\"charged\" twice", "-twice", "(twice", "payment: twice"] {
        assert_eq!(search(&world, text, ""), [1], "{text}");
    }
    for text in ["%", "_", "", "\""] {
        let output = world.command("ticket list").arg(format!("--search={text}")).run();
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.err.contains("expected at least one letter or digit"), "{output:?}");
    }
}

#[test]
fn the_best_matches_of_a_search_are_first_by_default() {
    let mut fixture = small();
    for (index, text) in ["soup too cold", "cold soup", "too cold a soup"].iter().enumerate() {
        fixture["tickets"][index]["description"] = json!(text);
    }
    let world = World::with_fixture(&fixture);
    assert_eq!(search(&world, "cold soup", ""), [2, 3, 1]);
    assert_eq!(search(&world, "cold soup", "--sort rank"), [2, 3, 1]);
    assert_eq!(search(&world, "cold soup", "--sort created"), [3, 2, 1]);
    let first = world.command("ticket list --limit 1 --format json --search").arg("cold soup").run().success().json();
    let rest = format!("--after {}", first["nextCursor"].as_str().unwrap());
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description cold-soup").success();
    assert_eq!(search(&world, "cold soup", &rest), [3, 1]);
    let output = world.run("ticket list --sort rank");
    assert_eq!(output.code, 2);
    assert!(output.err.contains("add --search"), "{output:?}");
}

/// Returns the ids of the tickets that a search finds, with further arguments.
fn search(world: &World, text: &str, more: &str) -> Vec<i64> {
    let output =
        world.command(&format!("ticket list --format json {more}")).arg(format!("--search={text}")).run().success();
    crate::world::ids(&output.json())
}

#[test]
fn tickets_are_sorted_by_the_option() {
    let world = World::small();
    assert_eq!(world.ticket_ids("--sort created"), [3, 2, 1]);
    assert_eq!(world.ticket_ids("--sort updated"), [2, 3, 1]);
    assert_eq!(world.ticket_ids("--sort level"), [2, 3, 1]);
}

#[test]
fn each_ticket_has_the_members_of_the_api_and_its_customer() {
    let document = World::small().json("ticket list --customer 1 --status OPEN");
    let expected = json!({"tickets": [{
        "ticketId": 1, "serviceType": "ride", "issueType": "PAYMENT_ISSUE", "status": "OPEN",
        "description": "Payment was charged twice", "updatedAt": "2025-06-01T00:00:00Z",
        "ride": {"id": 1, "pickupLocation": "123 Main St", "dropoffLocation": "456 Elm St"},
        "order": null, "booking": null, "createdAt": "2025-06-01T00:00:00Z", "level": 1,
        "groupCustomerIds": [2, 3], "customerId": 1,
    }], "nextCursor": null});
    assert_eq!(document, expected);
}

#[test]
fn tickets_from_before_1970_are_paged() {
    let mut fixture = small();
    for (index, ticket) in fixture["tickets"].as_array_mut().unwrap().iter_mut().enumerate() {
        ticket["createdAt"] = json!(format!("1969-06-0{}T00:00:00Z", index + 1));
        ticket["updatedAt"] = ticket["createdAt"].clone();
    }
    let world = World::with_fixture(&fixture);
    assert_eq!(world.ticket_ids("--all"), [3, 2, 1]);
    let page = world.json("ticket list --limit 1");
    assert_eq!(world.ticket_ids(&format!("--after {}", page["nextCursor"].as_str().unwrap())), [2, 1]);
}

#[test]
fn the_list_shows_changes_immediately() {
    let world = World::small();
    world.run("ticket close 1").success();
    let tickets = world.json("ticket list --sort updated");
    assert_eq!((&tickets["tickets"][0]["ticketId"], &tickets["tickets"][0]["status"]), (&json!(1), &json!("CLOSED")));
    assert_eq!(tickets["nextCursor"], Value::Null);
}
