//! `GET /{ticketId}`: JSON of a ticket, permissions and entity tags.

use serde_json::{Value, json};

use crate::world::{World, demo};

/// Returns the expected JSON of a ticket of the demo, from the demo's own text.
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
fn a_ticket_about_a_ride_matches_the_contract_exactly() {
    let world = World::start();
    assert_eq!(
        world.amina().track(1).text(),
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
fn tickets_about_an_order_and_a_booking_match_the_contract_exactly() {
    let world = World::start();
    let body = json!({"serviceType": "event_service", "issueType": "OTHER", "description": "late",
        "orderId": 1, "bookingId": 1});
    let id = world.amina().create(&body).data()["ticketId"].as_i64().unwrap();
    let answer = world.amina().track(id);
    let places = concat!(
        r#""ride":null,"order":{"id":1,"merchantName":"Noodle Bar","total":{"amount":"23.50","currency":"USD"}},"#,
        r#""booking":{"id":1,"venueName":"Table 9","startsAt":"2025-06-01T19:00:00Z","partySize":4},"createdAt":"#
    );
    assert!(answer.text().contains(places), "{answer}");
}

#[test]
fn every_ticket_of_the_demo_is_returned_as_loaded() {
    let world = World::start();
    for ticket in demo()["tickets"].as_array().unwrap() {
        let owner = world.customer(ticket["customerId"].as_i64().unwrap());
        assert_eq!(owner.track(ticket["id"].as_i64().unwrap()).data(), expected(ticket));
    }
}

#[test]
fn times_are_in_whole_seconds_and_utc() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.amina().escalate(id).assert_ok();
    let shown = world.amina().track(id).data();
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
fn only_the_owner_and_members_can_read_a_ticket() {
    let world = World::start();
    let seen = world.amina().track(1).assert_ok().text().to_owned();
    assert_eq!(world.mateo().track(1).assert_ok().text(), seen);
    assert_eq!(world.grace().track(1).assert_ok().text(), seen);
    world.jonas().track(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND").assert_fields(&[]);
    world.amina().track(4242).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND").assert_fields(&[]);
}

#[test]
fn a_participant_outside_the_group_cannot_read_the_ticket() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.mateo().track(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn an_unchanged_ticket_is_answered_with_304() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    let path = format!("/{id}");
    let again = |tag: &str| world.amina().request("GET", &path).header("If-None-Match", tag).send();
    let first = world.amina().track(id);
    let tag = first.assert_ok().header("etag").expect("an ETag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "{tag}");
    assert_eq!(world.amina().track(id).header("etag"), Some(tag.as_str()), "unchanged is the same tag");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let unchanged = again(&known);
        unchanged.assert_status(304).assert_common_headers();
        assert_eq!(unchanged.header("vary"), Some("Accept-Language, Authorization"));
        assert_eq!(unchanged.header("etag"), Some(tag.as_str()));
        assert!(unchanged.body.is_empty());
    }
    again("\"other\"").assert_ok();
    world.amina().escalate(id).assert_ok();
    let changed = again(&tag);
    assert_eq!(changed.data()["status"], "ESCALATED");
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn two_tickets_have_different_entity_tags() {
    let world = World::start();
    let ids = [1, 2].map(|_| world.amina().create_ride_ticket("charged twice"));
    let [one, other] = ids.map(|id| world.amina().track(id).header("etag").unwrap().to_owned());
    assert_ne!(one, other);
}

#[test]
fn an_entity_tag_discloses_nothing_to_a_stranger() {
    let world = World::start();
    let tag = world.amina().track(1).header("etag").unwrap().to_owned();
    for known in [tag.as_str(), "*"] {
        let answer = world.jonas().request("GET", "/1").header("If-None-Match", known).send();
        answer.assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    }
}

#[test]
fn head_returns_the_headers_of_get() {
    let world = World::start();
    let full = world.amina().track(1);
    let head = world.amina().request("HEAD", "/1").send();
    head.assert_status(200).assert_common_headers();
    assert!(head.body.is_empty());
    for name in ["etag", "content-type", "content-language"] {
        assert_eq!(head.header(name), full.header(name), "{name}");
    }
    world.jonas().request("HEAD", "/1").send().assert_status(404).assert_common_headers();
    world.request("HEAD", "/1").send().assert_status(401).assert_common_headers();
    let tag = full.header("etag").unwrap();
    world.amina().request("HEAD", "/1").header("If-None-Match", tag).send().assert_status(304);
}
