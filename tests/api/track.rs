//! `GET /{ticketId}`: what is shown, to whom, and when it is not sent again.

use serde_json::{Value, json};

use crate::world::{World, demo};

/// What the API must show of a ticket of the demo, from the demo's own text.
pub(crate) fn expected(ticket: &Value) -> Value {
    let demo = demo();
    let place = |list: &str, member: &str| {
        let id = ticket.get(member)?;
        let mut place = demo[list].as_array()?.iter().find(|place| &place["id"] == id)?.clone();
        place.as_object_mut()?.retain(|name, _| name != "customerId" && name != "participantIds");
        Some(place)
    };
    json!({
        "ticketId": ticket["id"],
        "serviceType": ticket["serviceType"],
        "issueType": ticket["issueType"],
        "status": ticket["status"],
        "description": ticket["description"],
        "updatedAt": ticket["updatedAt"],
        "ride": place("rides", "rideId"),
        "order": place("orders", "orderId"),
        "booking": place("bookings", "bookingId"),
        "createdAt": ticket["createdAt"],
        "level": ticket["level"],
        "groupCustomerIds": ticket.get("groupCustomerIds").cloned().unwrap_or(json!([])),
    })
}

#[test]
fn a_ticket_about_a_ride_is_shown_to_the_letter() {
    let world = World::start();
    assert_eq!(
        world.amina().tracks(1).text(),
        concat!(
            r#"{"status":"success","message":"Ticket status retrieved","data":{"ticketId":1,"serviceType":"ride","#,
            r#""issueType":"PAYMENT_ISSUE","status":"OPEN","description":"Payment was charged twice","#,
            r#""updatedAt":"2025-03-01T09:12:00Z","#,
            r#""ride":{"id":1,"pickupLocation":"123 Main St","dropoffLocation":"456 Elm St"},"#,
            r#""order":null,"booking":null,"createdAt":"2025-03-01T09:12:00Z","level":1,"groupCustomerIds":[2,3]}}"#
        )
    );
}

#[test]
fn an_order_and_a_booking_are_shown_to_the_letter() {
    let world = World::start();
    let body = json!({"serviceType": "event_service", "issueType": "OTHER", "description": "late",
        "orderId": 1, "bookingId": 1});
    let id = world.amina().opens(&body).data()["ticketId"].as_i64().unwrap();
    let answer = world.amina().tracks(id);
    let places = concat!(
        r#""ride":null,"order":{"id":1,"merchantName":"Noodle Bar","total":{"amount":"23.50","currency":"USD"}},"#,
        r#""booking":{"id":1,"venueName":"Table 9","startsAt":"2025-06-01T19:00:00Z","partySize":4},"createdAt":"#
    );
    assert!(answer.text().contains(places), "{answer}");
}

#[test]
fn every_ticket_of_the_demo_is_shown_as_it_was_loaded() {
    let world = World::start();
    for ticket in demo()["tickets"].as_array().unwrap() {
        let owner = world.customer(ticket["customerId"].as_i64().unwrap());
        assert_eq!(owner.tracks(ticket["id"].as_i64().unwrap()).data(), expected(ticket));
    }
}

#[test]
fn times_are_to_the_second_in_utc() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.amina().escalates(id).is_ok();
    let shown = world.amina().tracks(id).data();
    for member in ["createdAt", "updatedAt"] {
        let text = shown[member].as_str().unwrap();
        let signs: String = text.chars().map(|sign| if sign.is_ascii_digit() { '9' } else { sign }).collect();
        assert_eq!(signs, "9999-99-99T99:99:99Z", "{text}");
    }
    let at = |member: &str| shown[member].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(at("createdAt") <= at("updatedAt"));
    let age = jiff::Timestamp::now().duration_since(at("updatedAt")).as_secs();
    assert!((0..60).contains(&age), "{shown}");
}

#[test]
fn the_owner_and_each_member_may_read_and_others_find_nothing() {
    let world = World::start();
    let seen = world.amina().tracks(1).is_ok().text().to_owned();
    assert_eq!(world.mateo().tracks(1).is_ok().text(), seen);
    assert_eq!(world.grace().tracks(1).is_ok().text(), seen);
    world.jonas().tracks(1).is_refused(404, "SUPPORT_TICKET_NOT_FOUND").blames(&[]);
    world.amina().tracks(4242).is_refused(404, "SUPPORT_TICKET_NOT_FOUND").blames(&[]);
}

#[test]
fn whoever_took_part_in_the_ride_but_not_in_the_ticket_finds_nothing() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.mateo().tracks(id).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn a_known_ticket_is_not_sent_again_until_it_changes() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    let path = format!("/{id}");
    let again = |tag: &str| world.amina().asks("GET", &path).header("If-None-Match", tag).send();
    let first = world.amina().tracks(id);
    let tag = first.is_ok().header("etag").expect("an ETag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "{tag}");
    assert_eq!(world.amina().tracks(id).header("etag"), Some(tag.as_str()), "unchanged is the same tag");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let unchanged = again(&known);
        unchanged.is_status(304).names_itself();
        assert_eq!(unchanged.header("vary"), Some("Accept-Language, Authorization"));
        assert_eq!(unchanged.header("etag"), Some(tag.as_str()));
        assert!(unchanged.body.is_empty());
    }
    again("\"other\"").is_ok();
    world.amina().escalates(id).is_ok();
    let changed = again(&tag);
    assert_eq!(changed.data()["status"], "ESCALATED");
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn two_tickets_never_share_a_tag() {
    let world = World::start();
    let ids = [1, 2].map(|_| world.amina().opens_ride_ticket("charged twice"));
    let [one, other] = ids.map(|id| world.amina().tracks(id).header("etag").unwrap().to_owned());
    assert_ne!(one, other);
}

#[test]
fn a_tag_tells_a_stranger_nothing() {
    let world = World::start();
    let tag = world.amina().tracks(1).header("etag").unwrap().to_owned();
    for known in [tag.as_str(), "*"] {
        let answer = world.jonas().asks("GET", "/1").header("If-None-Match", known).send();
        answer.is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    }
}

#[test]
fn head_is_get_without_the_body() {
    let world = World::start();
    let full = world.amina().tracks(1);
    let head = world.amina().asks("HEAD", "/1").send();
    head.is_status(200).names_itself();
    assert!(head.body.is_empty());
    for name in ["etag", "content-type", "content-language"] {
        assert_eq!(head.header(name), full.header(name), "{name}");
    }
    world.jonas().asks("HEAD", "/1").send().is_status(404).names_itself();
    world.asks("HEAD", "/1").send().is_status(401).names_itself();
    let tag = full.header("etag").unwrap();
    world.amina().asks("HEAD", "/1").header("If-None-Match", tag).send().is_status(304);
}
