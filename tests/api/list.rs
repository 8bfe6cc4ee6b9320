//! `GET /`: the caller's own tickets and those of their groups, newest first, a page at a time.

use serde_json::{Value, json};

use crate::track;
use crate::world::{Actor, World, demo};

/// What a customer must find in their list after the demo was loaded, from the demo's own text.
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

/// The ids of one page, and where the next begins.
#[track_caller]
fn page(caller: &Actor<'_>, query: &str) -> (Vec<i64>, Option<String>) {
    let data = caller.lists(query).data();
    assert_eq!(data.as_object().map(serde_json::Map::len), Some(2), "{data}");
    let next = match &data["nextCursor"] {
        Value::Null => None,
        cursor => Some(cursor.as_str().expect("a cursor is a text").to_owned()),
    };
    (ids(data["tickets"].as_array().unwrap()), next)
}

/// Every id from page to page; between two pages, something happens.
fn walk(caller: &Actor<'_>, query: &str, mut between: impl FnMut()) -> Vec<i64> {
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
fn everybody_finds_their_own_and_their_groups_tickets_newest_first() {
    let world = World::start();
    for customer in 1..=12 {
        let data = world.customer(customer).lists("?limit=100").data();
        assert_eq!(data, json!({"tickets": expected(customer, &[]), "nextCursor": null}), "customer {customer}");
    }
}

#[test]
fn a_new_ticket_comes_first_and_stays_in_its_place_when_it_moves() {
    let world = World::start();
    let older = world.amina().opens_ride_ticket("charged twice");
    let newer = world.amina().opens_ride_ticket("charged thrice");
    world.amina().closes(older).is_ok();
    let (found, _) = page(&world.amina(), "?limit=2");
    assert_eq!(found, [newer, older]);
}

#[test]
fn a_member_finds_the_ticket_that_names_them_at_once() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[5]);
    assert_eq!(page(&world.jonas(), "?limit=1").0, [id]);
}

#[test]
fn a_status_or_several_narrow_the_list() {
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
            let data = world.customer(customer).lists(&format!("{query}&limit=100")).data();
            assert_eq!(data["tickets"], json!(expected(customer, statuses)), "customer {customer}: {query}");
        }
    }
}

#[test]
fn a_list_is_walked_a_page_at_a_time_and_ends_with_null() {
    let world = World::start();
    let all = ids(&expected(2, &[]));
    assert!(all.len() > 6);
    for limit in [1, 2, 3, all.len() - 1, all.len(), 100] {
        assert_eq!(walk(&world.mateo(), &format!("?limit={limit}"), || ()), all, "limit {limit}");
    }
    let open = ids(&expected(2, &["OPEN", "ESCALATED"]));
    assert_eq!(walk(&world.mateo(), "?status=OPEN,ESCALATED&limit=1", || ()), open);
    assert_eq!(page(&world.mateo(), &format!("?limit={}", all.len())).1, None, "a full last page is the last");
}

#[test]
fn a_cursor_stays_good_while_tickets_are_added() {
    let world = World::start();
    let all = ids(&expected(2, &[]));
    let walked = walk(&world.mateo(), "?limit=2", || {
        world.mateo().opens_ride_ticket("another");
        world.amina().opens_group_ticket("another", &[2]);
    });
    assert_eq!(walked, all);
}

#[test]
fn tickets_of_the_same_second_are_each_listed_once() {
    let world = World::start();
    let mut opened: Vec<i64> = (0..6).map(|_| world.jonas_opens()).collect();
    opened.reverse();
    let walked = walk(&world.jonas(), "?limit=1", || ());
    assert_eq!(walked[..6], opened[..]);
    assert_eq!(walked[6..], ids(&expected(5, &[])));
}

#[test]
fn a_cursor_survives_a_ticket_that_leaves_the_filter() {
    let world = World::start();
    let opened: Vec<i64> = (0..4).map(|_| world.jonas_opens()).collect();
    let (first, cursor) = page(&world.jonas(), "?status=OPEN&limit=2");
    assert_eq!(first, [opened[3], opened[2]]);
    world.jonas().closes(opened[2]).is_ok();
    let (rest, _) = page(&world.jonas(), &format!("?status=OPEN&limit=2&cursor={}", cursor.unwrap()));
    assert_eq!(rest, [opened[1], opened[0]]);
}

#[test]
fn a_page_has_50_tickets_where_nothing_is_said() {
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
    world.amina().lists("?limit=1").is_ok();
    world.amina().lists("?limit=100").is_ok();
    for limit in ["0", "101", "-1", "%2B5", "5.0", "abc", "", "99999999999999999999", "1e1", "%205"] {
        let answer = world.amina().lists(&format!("?limit={limit}"));
        answer.is_refused(400, "INVALID_TICKET").blames(&["limit"]);
    }
}

#[test]
fn a_status_is_one_of_three() {
    let world = World::start();
    for status in ["DONE", "open,closed,x", "OPEN,DONE", "OPEN;CLOSED", "%00"] {
        let answer = world.amina().lists(&format!("?status={status}"));
        answer.is_refused(400, "INVALID_TICKET").blames(&["status"]);
    }
}

#[test]
fn a_cursor_that_no_page_gave_is_refused() {
    let world = World::start();
    let (_, cursor) = page(&world.mateo(), "?limit=1");
    let cursor = cursor.unwrap();
    let mut wrong = vec![format!("{cursor}x"), cursor[..cursor.len() - 1].to_owned() + "%00", cursor[1..].to_owned()];
    wrong.extend(["", "x", "1", "0-0-0", "%ff", "' OR 1=1 --"].map(|text| text.replace(' ', "%20")));
    for wrong in wrong {
        let answer = world.mateo().lists(&format!("?limit=1&cursor={wrong}"));
        answer.is_refused(400, "INVALID_TICKET").blames(&["cursor"]);
    }
}

#[test]
fn another_customers_cursor_opens_nothing_of_theirs() {
    let world = World::start();
    let (_, cursor) = page(&world.mateo(), "?limit=1");
    let data = world.jonas().lists(&format!("?limit=100&cursor={}", cursor.unwrap())).data();
    let own = ids(&expected(5, &[]));
    assert!(ids(data["tickets"].as_array().unwrap()).iter().all(|id| own.contains(id)), "{data}");
}

#[test]
fn who_has_no_ticket_has_an_empty_list() {
    let guest = json!({"customers": [{"id": 200, "name": "Nobody", "locale": "en", "rewardsActive": true}]});
    let world = World::plan().with_fixture(guest).start();
    let answer = world.customer(200).lists("");
    assert_eq!(answer.data(), json!({"tickets": [], "nextCursor": null}));
}

#[test]
fn head_is_the_list_without_its_body() {
    let world = World::start();
    let head = world.amina().asks("HEAD", "/").send();
    head.is_status(200).names_itself();
    assert!(head.body.is_empty());
}

impl World {
    /// Jonas opens a ticket about his own ride.
    fn jonas_opens(&self) -> i64 {
        let ticket = json!({"serviceType": "ride", "issueType": "OTHER", "description": "late", "rideId": 5});
        self.jonas().opens(&ticket).data()["ticketId"].as_i64().unwrap()
    }
}

#[test]
fn everything_wrong_with_a_query_is_listed() {
    let world = World::start();
    let answer = world.amina().lists("?limit=0&cursor=x&status=FOO");
    answer.is_refused(400, "INVALID_TICKET").blames(&["cursor", "limit", "status"]);
}
