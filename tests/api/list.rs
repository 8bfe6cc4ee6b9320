//! `GET /`: the caller's own and group tickets, newest first, in pages.

use serde_json::{Value, json};

use crate::track;
use crate::world::{Actor, World, demo};

/// Returns the expected list of a customer after the demo was loaded, from the demo's own text.
fn expected(customer: i64, statuses: &[&str]) -> Vec<Value> {
    let demo = demo();
    let mut tickets: Vec<&Value> = demo["tickets"].as_array().unwrap().iter().collect();
    tickets.retain(|ticket| {
        let member = ticket["groupCustomerIds"].as_array().is_some_and(|group| group.contains(&json!(customer)));
        let status = statuses.is_empty() || statuses.contains(&ticket["status"].as_str().unwrap());
        status && (member || ticket["customerId"] == customer)
    });
    tickets.sort_by_key(|ticket| {
        std::cmp::Reverse((ticket["createdAt"].as_str().unwrap().to_owned(), ticket["id"].as_i64()))
    });
    tickets.into_iter().map(track::expected).collect()
}

fn ids(tickets: &[Value]) -> Vec<i64> {
    tickets.iter().map(|ticket| ticket["ticketId"].as_i64().unwrap()).collect()
}

/// Returns the ids of one page, and the next cursor.
#[track_caller]
fn page(caller: &Actor<'_>, query: &str) -> (Vec<i64>, Option<String>) {
    let data = caller.list(query).data();
    assert_eq!(data.as_object().map(serde_json::Map::len), Some(2), "{data}");
    let next = match &data["nextCursor"] {
        Value::Null => None,
        cursor => Some(cursor.as_str().expect("a cursor is a text").to_owned()),
    };
    (ids(data["tickets"].as_array().unwrap()), next)
}

/// Returns the ids of all pages; `between` runs between two pages.
fn collect_pages(caller: &Actor<'_>, query: &str, mut between: impl FnMut()) -> Vec<i64> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let asked = cursor.map_or(query.to_owned(), |cursor| format!("{query}&cursor={cursor}"));
        let (found, next) = page(caller, &asked);
        all.extend(found);
        match next {
            Some(next) => cursor = Some(next),
            None => return all,
        }
        between();
    }
}

#[test]
fn a_list_holds_the_callers_own_and_group_tickets_newest_first() {
    let world = World::start();
    for customer in 1..=12 {
        let data = world.customer(customer).list("?limit=100").data();
        assert_eq!(data, json!({"tickets": expected(customer, &[]), "nextCursor": null}), "customer {customer}");
    }
}

#[test]
fn a_new_ticket_comes_first_and_keeps_its_position_when_updated() {
    let world = World::start();
    let older = world.amina().create_ride_ticket("charged twice");
    let newer = world.amina().create_ride_ticket("charged thrice");
    world.amina().close(older).assert_ok();
    let (found, _) = page(&world.amina(), "?limit=2");
    assert_eq!(found, [newer, older]);
}

#[test]
fn a_new_ticket_is_in_its_members_lists_immediately() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[5]);
    assert_eq!(page(&world.jonas(), "?limit=1").0, [id]);
}

#[test]
fn a_list_is_filtered_by_one_or_more_statuses() {
    let world = World::start();
    for customer in [1, 2, 3, 9] {
        for (query, statuses) in [
            ("?status=OPEN", &["OPEN"][..]),
            ("?status=ESCALATED", &["ESCALATED"]),
            ("?status=CLOSED", &["CLOSED"]),
            ("?status=OPEN,ESCALATED", &["OPEN", "ESCALATED"]),
            ("?status=ESCALATED%2CCLOSED", &["ESCALATED", "CLOSED"]),
            ("?status=OPEN,ESCALATED,CLOSED", &[]),
            ("?status=OPEN,OPEN", &["OPEN"]),
        ] {
            let data = world.customer(customer).list(&format!("{query}&limit=100")).data();
            assert_eq!(data["tickets"], json!(expected(customer, statuses)), "customer {customer}: {query}");
        }
    }
}

#[test]
fn a_list_is_paged_and_the_last_cursor_is_null() {
    let world = World::start();
    let all = ids(&expected(2, &[]));
    assert!(all.len() > 6);
    for limit in [1, 2, 3, all.len() - 1, all.len(), 100] {
        assert_eq!(collect_pages(&world.mateo(), &format!("?limit={limit}"), || ()), all, "limit {limit}");
    }
    let open = ids(&expected(2, &["OPEN", "ESCALATED"]));
    assert_eq!(collect_pages(&world.mateo(), "?status=OPEN,ESCALATED&limit=1", || ()), open);
    assert_eq!(page(&world.mateo(), &format!("?limit={}", all.len())).1, None, "a full last page is the last");
}

#[test]
fn a_cursor_stays_valid_while_tickets_are_added() {
    let world = World::start();
    let all = ids(&expected(2, &[]));
    let walked = collect_pages(&world.mateo(), "?limit=2", || {
        world.mateo().create_ride_ticket("another");
        world.amina().create_group_ticket("another", &[2]);
    });
    assert_eq!(walked, all);
}

#[test]
fn tickets_of_the_same_second_are_each_listed_once() {
    let world = World::start();
    let mut opened: Vec<i64> = (0..6).map(|_| world.jonas_opens()).collect();
    opened.reverse();
    let walked = collect_pages(&world.jonas(), "?limit=1", || ());
    assert_eq!(walked[..6], opened[..]);
    assert_eq!(walked[6..], ids(&expected(5, &[])));
}

#[test]
fn a_cursor_survives_a_ticket_that_leaves_the_filter() {
    let world = World::start();
    let opened: Vec<i64> = (0..4).map(|_| world.jonas_opens()).collect();
    let (first, cursor) = page(&world.jonas(), "?status=OPEN&limit=2");
    assert_eq!(first, [opened[3], opened[2]]);
    world.jonas().close(opened[2]).assert_ok();
    let (rest, _) = page(&world.jonas(), &format!("?status=OPEN&limit=2&cursor={}", cursor.unwrap()));
    assert_eq!(rest, [opened[1], opened[0]]);
}

#[test]
fn a_page_has_50_tickets_by_default() {
    let world = World::start();
    for _ in 0..51 {
        world.jonas_opens();
    }
    assert_eq!(page(&world.jonas(), "").0.len(), 50);
    assert_eq!(page(&world.jonas(), "?limit=51").0.len(), 51);
}

#[test]
fn a_limit_is_a_whole_number_from_1_to_100() {
    let world = World::start();
    world.amina().list("?limit=1").assert_ok();
    world.amina().list("?limit=100").assert_ok();
    for limit in ["0", "101", "-1", "%2B5", "5.0", "abc", "", "99999999999999999999", "1e1", "%205"] {
        let answer = world.amina().list(&format!("?limit={limit}"));
        answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["limit"]);
    }
}

#[test]
fn an_unknown_status_is_refused() {
    let world = World::start();
    for status in ["DONE", "open,closed,x", "OPEN,DONE", "OPEN;CLOSED", "%00"] {
        let answer = world.amina().list(&format!("?status={status}"));
        answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["status"]);
    }
}

#[test]
fn a_forged_cursor_is_refused() {
    let world = World::start();
    let (_, cursor) = page(&world.mateo(), "?limit=1");
    let cursor = cursor.unwrap();
    let mut wrong = vec![format!("{cursor}x"), cursor[..cursor.len() - 1].to_owned() + "%00", cursor[1..].to_owned()];
    wrong.extend(["", "x", "1", "0-0-0", "%ff", "' OR 1=1 --"].map(|text| text.replace(' ', "%20")));
    for wrong in wrong {
        let answer = world.mateo().list(&format!("?limit=1&cursor={wrong}"));
        answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["cursor"]);
    }
}

#[test]
fn a_cursor_of_another_customer_discloses_no_ticket() {
    let world = World::start();
    let (_, cursor) = page(&world.mateo(), "?limit=1");
    let data = world.jonas().list(&format!("?limit=100&cursor={}", cursor.unwrap())).data();
    let own = ids(&expected(5, &[]));
    assert!(ids(data["tickets"].as_array().unwrap()).iter().all(|id| own.contains(id)), "{data}");
}

#[test]
fn a_customer_without_tickets_has_an_empty_list() {
    let guest = json!({"customers": [{"id": 200, "name": "Nobody", "locale": "en", "rewardsActive": true}]});
    let world = World::plan().with_fixture(guest).start();
    let answer = world.customer(200).list("");
    assert_eq!(answer.data(), json!({"tickets": [], "nextCursor": null}));
}

#[test]
fn head_returns_the_headers_of_the_list() {
    let world = World::start();
    let head = world.amina().request("HEAD", "/").send();
    head.assert_status(200).assert_common_headers();
    assert!(head.body.is_empty());
}

impl World {
    /// Creates a ticket of Jonas about his own ride.
    fn jonas_opens(&self) -> i64 {
        let ticket = json!({"serviceType": "ride", "issueType": "OTHER", "description": "late", "rideId": 5});
        self.jonas().create(&ticket).data()["ticketId"].as_i64().unwrap()
    }
}

#[test]
fn all_errors_of_a_query_are_listed() {
    let world = World::start();
    let answer = world.amina().list("?limit=0&cursor=x&status=FOO");
    answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["cursor", "limit", "status"]);
}
