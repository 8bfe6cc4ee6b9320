//! `POST /`: required members, references and descriptions of a ticket.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// Returns a valid ticket with this service and these references.
fn ticket(service: &str, places: &Value) -> Value {
    let mut ticket = json!({"serviceType": service, "issueType": "OTHER", "description": "late"});
    ticket.as_object_mut().unwrap().extend(places.as_object().unwrap().clone());
    ticket
}

fn described(words: &str) -> Value {
    let mut ticket = ride_ticket();
    ticket["description"] = words.into();
    ticket
}

#[test]
fn the_response_to_a_create_holds_only_the_ticket_id() {
    let world = World::start();
    let answer = world.amina().create(&ride_ticket());
    let id = answer.data()["ticketId"].as_i64().unwrap();
    assert_eq!(
        answer.text(),
        format!(
            r#"{{"status":"success","message":"Support ticket created","data":{{"ticketId":{id},"gamificationError":null}}}}"#
        )
    );
    assert!(id > 42, "the demo's own tickets keep their ids");
}

#[test]
fn a_new_ticket_is_open_at_level_one_with_the_requested_values() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[3, 2]);
    let shown = world.amina().track(id).data();
    assert_eq!(shown["status"], "OPEN");
    assert_eq!(shown["level"], 1);
    assert_eq!(shown["serviceType"], "ride");
    assert_eq!(shown["issueType"], "PAYMENT_ISSUE");
    assert_eq!(shown["description"], "charged twice");
    assert_eq!(shown["ride"]["id"], 1);
    assert_eq!(shown["groupCustomerIds"], json!([3, 2]));
    assert_eq!(shown["createdAt"], shown["updatedAt"]);
}

#[test]
fn each_service_requires_its_own_reference() {
    let world = World::start();
    for (service, places) in [
        ("ride", json!({"rideId": 1})),
        ("order", json!({"orderId": 1})),
        ("in_dining_order", json!({"orderId": 1})),
        ("booking", json!({"bookingId": 1})),
        ("event_service", json!({"rideId": 1})),
        ("event_service", json!({"orderId": 1})),
        ("event_service", json!({"bookingId": 1})),
        ("event_service", json!({"rideId": 1, "orderId": 1, "bookingId": 1})),
        ("ride", json!({"rideId": 1, "orderId": 1, "bookingId": 1})),
    ] {
        let id = world.amina().create(&ticket(service, &places)).data()["ticketId"].as_i64().unwrap();
        let shown = world.amina().track(id).data();
        assert_eq!(shown["serviceType"], service);
        for (member, place) in [("rideId", "ride"), ("orderId", "order"), ("bookingId", "booking")] {
            assert_eq!(shown[place].get("id"), places.get(member), "{service} {places}");
        }
    }
}

#[test]
fn a_service_without_its_reference_is_refused() {
    let world = World::start();
    for (service, places, blamed) in [
        ("ride", json!({}), "rideId"),
        ("ride", json!({"orderId": 1, "bookingId": 1}), "rideId"),
        ("order", json!({"rideId": 1, "bookingId": 1}), "orderId"),
        ("in_dining_order", json!({"rideId": 1, "bookingId": 1}), "orderId"),
        ("booking", json!({"rideId": 1, "orderId": 1}), "bookingId"),
    ] {
        world.amina().create(&ticket(service, &places)).assert_refused(400, "INVALID_TICKET").assert_fields(&[blamed]);
    }
    let answer = world.amina().create(&ticket("event_service", &json!({})));
    assert_eq!(answer.assert_refused(400, "INVALID_TICKET").error_fields().len(), 1, "{answer}");
}

#[test]
fn additional_references_are_validated_too() {
    let world = World::start();
    for (places, code, blamed) in [
        (json!({"rideId": 1, "orderId": 99}), "ORDER_FAILED", "orderId"),
        (json!({"rideId": 1, "orderId": 3}), "ORDER_FAILED", "orderId"),
        (json!({"rideId": 1, "bookingId": 99}), "BOOKING_FAILED", "bookingId"),
        (json!({"rideId": 1, "bookingId": 3}), "BOOKING_FAILED", "bookingId"),
        (json!({"rideId": 99}), "RIDE_NOT_FOUND", "rideId"),
        (json!({"rideId": 3}), "RIDE_NOT_FOUND", "rideId"),
    ] {
        world.amina().create(&ticket("ride", &places)).assert_refused(400, code).assert_fields(&[blamed]);
    }
}

#[test]
fn every_participant_can_open_a_ticket() {
    let world = World::start();
    world.grace().create(&ticket("ride", &json!({"rideId": 1}))).assert_ok();
    world.mateo().create(&ticket("order", &json!({"orderId": 6}))).assert_ok();
    world.grace().create(&ticket("booking", &json!({"bookingId": 2}))).assert_ok();
}

#[test]
fn a_reference_of_other_customers_is_answered_like_a_missing_one() {
    let world = World::start();
    for (service, member, foreign) in [("ride", "rideId", 13), ("order", "orderId", 13), ("booking", "bookingId", 10)] {
        let answer = |id: i64| {
            let body = ticket(service, &json!({member: id}));
            let answer = world.amina().request("POST", "/").header("X-Request-Id", "same").json(&body).send();
            let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| name != "date").cloned().collect();
            (answer.status, headers, answer.text().replace(&id.to_string(), "ID"))
        };
        let (status, ..) = answer(foreign);
        assert_eq!(status, 400);
        assert_eq!(answer(foreign), answer(99), "{service}");
    }
}

#[test]
fn every_issue_type_of_the_contract_is_accepted() {
    let world = World::start();
    for issue in ["PAYMENT_ISSUE", "SERVICE_QUALITY", "CANCELLATION", "DELIVERY_ISSUE", "BOOKING_ISSUE", "OTHER"] {
        let mut body = ride_ticket();
        body["issueType"] = issue.into();
        let id = world.amina().create(&body).data()["ticketId"].as_i64().unwrap();
        assert_eq!(world.amina().track(id).data()["issueType"], issue);
    }
}

#[test]
fn null_is_the_same_as_absent() {
    let world = World::start();
    let nothing = json!({"rideId": 1, "orderId": null, "bookingId": null, "groupCustomerIds": null});
    let id = world.amina().create(&ticket("ride", &nothing)).data()["ticketId"].as_i64().unwrap();
    let shown = world.amina().track(id).data();
    assert_eq!((&shown["order"], &shown["booking"]), (&Value::Null, &Value::Null));
    assert_eq!(shown["groupCustomerIds"], json!([]));
    let lacking = ticket("ride", &json!({"rideId": null}));
    world.amina().create(&lacking).assert_refused(400, "INVALID_TICKET").assert_fields(&["rideId"]);
}

#[test]
fn unknown_members_are_ignored() {
    let world = World::start();
    let mut body = ride_ticket();
    for (name, value) in [("status", json!("CLOSED")), ("customerId", json!(5)), ("ticketId", json!(1)), ("", json!(1))]
    {
        body[name] = value;
    }
    let id = world.amina().create(&body).data()["ticketId"].as_i64().unwrap();
    assert_ne!(id, 1);
    assert_eq!(world.amina().track(id).data()["status"], "OPEN");
    world.jonas().track(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn a_description_has_at_most_5000_characters_of_any_script() {
    let world = World::start();
    for sign in ["a", "é", "林", "🥘", "\u{301}"] {
        let longest = sign.repeat(5000);
        let id = world.amina().create_ride_ticket(&longest);
        assert_eq!(world.amina().track(id).data()["description"], longest.as_str());
        let answer = world.amina().create(&described(&sign.repeat(5001)));
        answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["description"]);
    }
}

#[test]
fn a_description_is_trimmed_before_it_is_validated_and_stored() {
    let world = World::start();
    let longest = "a".repeat(5000);
    let id = world.amina().create_ride_ticket(&format!(" \r\n\t\u{3000}{longest}\u{a0}\n "));
    assert_eq!(world.amina().track(id).data()["description"], longest.as_str());
}

#[test]
fn a_description_keeps_tabs_line_breaks_and_all_characters() {
    let world = World::start();
    let words =
        "one\ttwo\nthree\r\nfour \"five\" \\ / <b>&amp;</b> '; DROP TABLE ticket; -- \u{202e}\u{2028}\u{feff}🥘";
    let id = world.amina().create_ride_ticket(words);
    assert_eq!(world.amina().track(id).data()["description"], words);
}

#[test]
fn a_description_without_words_or_with_control_characters_is_refused() {
    let world = World::start();
    let controls = ('\0'..='\u{9f}').filter(|sign| sign.is_control() && !"\t\n\r".contains(*sign));
    let mut words: Vec<String> = controls.map(|sign| format!("a{sign}b")).collect();
    assert_eq!(words.len(), 62);
    words.extend(["", " ", "\t\r\n", "\u{3000}\u{a0}"].map(str::to_owned));
    for words in words {
        let answer = world.amina().create(&described(&words));
        answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["description"]);
    }
}

#[test]
fn a_refused_ticket_changes_nothing() {
    let world = World::start();
    let before = (world.amina().list("?limit=100").data(), world.balance(1));
    world.amina().create(&described(" ")).assert_refused(400, "INVALID_TICKET");
    world.amina().create(&ticket("ride", &json!({"rideId": 3}))).assert_refused(400, "RIDE_NOT_FOUND");
    assert_eq!((world.amina().list("?limit=100").data(), world.balance(1)), before);
}

#[test]
fn a_description_of_invisible_characters_is_blank() {
    let world = World::start();
    for blank in ["\u{200b}", "\u{2800}", "\u{3164}", "\u{3000}\u{feff}", "\u{ad}\u{2060}\n\u{e0020}"] {
        let mut ticket = ride_ticket();
        ticket["description"] = blank.into();
        world.amina().create(&ticket).assert_refused(400, "INVALID_TICKET").assert_fields(&["description"]);
    }
    world.amina().create_ride_ticket("\u{200b}late\u{2800}");
}
