//! What `ticket list` lists, and in which order.

use serde_json::{Value, json};

use crate::world::{World, small};

#[test]
fn the_newest_is_first() {
    assert_eq!(World::small().listed(""), [3, 2, 1]);
}

#[test]
fn tickets_are_filtered_by_status() {
    let world = World::small();
    assert_eq!(world.listed("--status OPEN"), [1]);
    assert_eq!(world.listed("--status OPEN,CLOSED"), [3, 1]);
    assert_eq!(world.listed("--status OPEN --status ESCALATED"), [2, 1]);
    assert_eq!(world.listed("--status closed"), [3]);
}

#[test]
fn tickets_are_filtered_by_service_and_issue() {
    let world = World::small();
    assert_eq!(world.listed("--service ride,booking"), [3, 1]);
    assert_eq!(world.listed("--issue DELIVERY_ISSUE"), [2]);
    assert_eq!(world.listed("--issue OTHER --service ride"), Vec::<i64>::new());
}

#[test]
fn tickets_are_filtered_by_level() {
    let world = World::small();
    assert_eq!(world.listed("--level 2"), [2]);
    assert_eq!(world.listed("--level 1,3"), [3, 1]);
}

#[test]
fn tickets_are_filtered_by_who_opened_them_and_by_whom_they_concern() {
    let world = World::small();
    assert_eq!(world.listed("--owner 1"), [2, 1]);
    assert_eq!(world.listed("--owner 2 --owner 3"), [3]);
    assert_eq!(world.listed("--customer 1"), [2, 1]);
    for customers in ["--customer 3", "--customer 2,3", "--customer 2 --customer 3"] {
        let own = world.listed(&customers.replace("customer", "owner"));
        for sort in ["created", "updated", "level"] {
            let mut all = world.listed(&format!("{customers} --sort {sort}"));
            all.sort_unstable();
            let expected: Vec<_> = [1, 2, 3].into_iter().filter(|id| *id == 1 || own.contains(id)).collect();
            assert_eq!(all, expected, "{customers} by {sort}");
        }
    }
    assert_eq!(world.listed("--customer 3 --owner 1"), [1]);
    assert_eq!(world.listed("--customer 3 --status CLOSED --owner 1"), Vec::<i64>::new());
}

#[test]
fn both_ends_of_a_span_count() {
    let world = World::small();
    assert_eq!(world.listed("--since 2025-06-01 --until 2025-06-01"), [2, 1]);
    assert_eq!(world.listed("--since 2025-06-02"), [3]);
    assert_eq!(world.listed("--until 2025-05-31"), Vec::<i64>::new());
    assert_eq!(world.listed("--since 2025-06-01T23:59:59Z --until 2025-06-01T23:59:59Z"), [2]);
    assert_eq!(world.listed("--since 2025-06-02T01:59:59+02:00"), [3, 2]);
}

#[test]
fn a_span_is_of_the_time_that_the_list_is_sorted_by() {
    let world = World::small();
    world.run("ticket close 1").done();
    assert_eq!(world.listed("--sort updated --since 2025-06-06"), [1]);
    assert_eq!(world.listed("--sort updated --since 2025-06-03 --until 2025-06-05"), [2, 3]);
    assert_eq!(world.listed("--sort level --since 2025-06-03"), Vec::<i64>::new());
}

#[test]
fn a_time_outside_of_its_range_is_told_the_range() {
    let world = World::small();
    assert_eq!(world.listed("--until 9999-12-30"), [3, 2, 1]);
    for time in ["9999-12-31", "9999-12-31T00:00:00Z"] {
        for list in ["ticket list --until", "ticket list --since", "audit list --until"] {
            let said = world.run(&format!("{list} {time}"));
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{list} {time}");
            let range = "expected a time from 0000-01-01T00:00:00Z to 9999-12-30T22:00:00Z";
            assert!(said.err.contains(range), "{list} {time}: {}", said.err);
        }
    }
}

#[test]
fn tickets_are_searched_whatever_the_case_the_accents_and_the_order() {
    let world = World::small();
    assert_eq!(searched(&world, "TWICE charged", ""), [1]);
    assert_eq!(searched(&world, "charg", ""), [1]);
    assert_eq!(searched(&world, "桌子", ""), [3]);
    assert_eq!(searched(&world, "the", ""), [2]);
    assert_eq!(searched(&world, "twice soup", ""), Vec::<i64>::new());
    assert_eq!(searched(&world, "missing", "--status ESCALATED --service order --level 2 --customer 1"), [2]);
    assert_eq!(searched(&world, "missing", "--status OPEN"), Vec::<i64>::new());
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
        assert_eq!(searched(&world, words, ""), ids, "{words}");
    }
}

#[test]
fn signs_of_a_search_mean_nothing() {
    let world = World::small();
    for text in ["twice*", "\"charged\" twice", "-twice", "(twice", "payment: twice"] {
        assert_eq!(searched(&world, text, ""), [1], "{text}");
    }
    for text in ["%", "_", "", "\""] {
        let said = world.asks("ticket list").arg(format!("--search={text}")).run();
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains("expected at least one letter or digit"), "{said:?}");
    }
}

#[test]
fn the_best_of_a_search_are_first_unless_another_order_is_asked_for() {
    let mut fixture = small();
    for (place, text) in ["soup too cold", "cold soup", "too cold a soup"].iter().enumerate() {
        fixture["tickets"][place]["description"] = json!(text);
    }
    let world = World::of(&fixture);
    assert_eq!(searched(&world, "cold soup", ""), [2, 3, 1]);
    assert_eq!(searched(&world, "cold soup", "--sort rank"), [2, 3, 1]);
    assert_eq!(searched(&world, "cold soup", "--sort created"), [3, 2, 1]);
    let first = world.asks("ticket list --limit 1 --format json --search").arg("cold soup").run().done().json();
    let rest = format!("--after {}", first["nextCursor"].as_str().unwrap());
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description cold-soup").done();
    assert_eq!(searched(&world, "cold soup", &rest), [3, 1]);
    let said = world.run("ticket list --sort rank");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("add --search"), "{said:?}");
}

/// The ids that a search finds, with further arguments.
fn searched(world: &World, text: &str, more: &str) -> Vec<i64> {
    let said = world.asks(&format!("ticket list --format json {more}")).arg(format!("--search={text}")).run().done();
    crate::world::ids(&said.json())
}

#[test]
fn tickets_are_sorted_as_asked() {
    let world = World::small();
    assert_eq!(world.listed("--sort created"), [3, 2, 1]);
    assert_eq!(world.listed("--sort updated"), [2, 3, 1]);
    assert_eq!(world.listed("--sort level"), [2, 3, 1]);
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
fn a_list_before_1970_has_its_pages() {
    let mut fixture = small();
    for (place, ticket) in fixture["tickets"].as_array_mut().unwrap().iter_mut().enumerate() {
        ticket["createdAt"] = json!(format!("1969-06-0{}T00:00:00Z", place + 1));
        ticket["updatedAt"] = ticket["createdAt"].clone();
    }
    let world = World::of(&fixture);
    assert_eq!(world.listed("--all"), [3, 2, 1]);
    let page = world.json("ticket list --limit 1");
    assert_eq!(world.listed(&format!("--after {}", page["nextCursor"].as_str().unwrap())), [2, 1]);
}

#[test]
fn an_agent_sees_what_the_api_and_the_command_line_did() {
    let world = World::small();
    world.run("ticket close 1").done();
    let tickets = world.json("ticket list --sort updated");
    assert_eq!((&tickets["tickets"][0]["ticketId"], &tickets["tickets"][0]["status"]), (&json!(1), &json!("CLOSED")));
    assert_eq!(tickets["nextCursor"], Value::Null);
}
