//! Validation of a body: every error is listed, and the first in the contract's order sets the code.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// Invalid members, each with its code and field, in the order of the contract.
const INVALID_MEMBERS: [(&str, &str, &str); 7] = [
    ("INVALID_SERVICE_TYPE", "serviceType", r#""boat""#),
    ("INVALID_ISSUE_TYPE", "issueType", r#""HUNGER""#),
    ("INVALID_TICKET", "description", r#"" ""#),
    ("CUSTOMER_NOT_FOUND", "groupCustomerIds", "[2,99]"),
    ("RIDE_NOT_FOUND", "rideId", "99"),
    ("ORDER_FAILED", "orderId", "99"),
    ("BOOKING_FAILED", "bookingId", "99"),
];

/// Returns a body with these invalid members, one bit each.
fn invalid_body(which: u32) -> Value {
    let mut body = json!({
        "serviceType": "event_service", "issueType": "OTHER", "description": "late",
        "rideId": 1, "orderId": 1, "bookingId": 1, "groupCustomerIds": [2, 3],
    });
    for (bit, (_, member, value)) in INVALID_MEMBERS.iter().enumerate() {
        if which & (1 << bit) != 0 {
            body[member] = serde_json::from_str(value).unwrap();
        }
    }
    body
}

#[test]
fn the_first_error_in_the_contracts_order_sets_the_code() {
    let world = World::start();
    world.amina().create(&invalid_body(0)).assert_ok();
    for which in 1_u32..1 << INVALID_MEMBERS.len() {
        let first = which.trailing_zeros() as usize;
        world.amina().create(&invalid_body(which)).assert_refused(400, INVALID_MEMBERS[first].0);
    }
}

#[test]
fn every_invalid_member_is_listed() {
    let world = World::start();
    for which in 1_u32..1 << INVALID_MEMBERS.len() {
        let at_fault: Vec<&str> = (0..INVALID_MEMBERS.len())
            .filter(|bit| which & (1 << bit) != 0)
            .map(|bit| INVALID_MEMBERS[bit].1)
            .collect();
        world.amina().create(&invalid_body(which)).assert_status(400).assert_fields(&at_fault);
    }
}

#[test]
fn a_valid_member_is_not_listed() {
    let world = World::start();
    for (bit, (code, member, _)) in INVALID_MEMBERS.iter().enumerate() {
        world.amina().create(&invalid_body(1 << bit)).assert_refused(400, code).assert_fields(&[member]);
    }
}

#[test]
fn an_unknown_service_or_issue_type_has_its_own_code() {
    let world = World::start();
    for (member, code) in [("serviceType", "INVALID_SERVICE_TYPE"), ("issueType", "INVALID_ISSUE_TYPE")] {
        for value in [json!(null), json!(""), json!("boat"), json!(1), json!(["ride"]), json!({}), json!(true)] {
            let mut body = ride_ticket();
            body[member] = value;
            world.amina().create(&body).assert_refused(400, code).assert_fields(&[member]);
        }
        let mut body = ride_ticket();
        body.as_object_mut().unwrap().remove(member);
        world.amina().create(&body).assert_refused(400, code).assert_fields(&[member]);
    }
    for (member, other, code) in [
        ("serviceType", "RIDE", "INVALID_SERVICE_TYPE"),
        ("serviceType", " ride", "INVALID_SERVICE_TYPE"),
        ("issueType", "payment_issue", "INVALID_ISSUE_TYPE"),
        ("issueType", "OTHER ", "INVALID_ISSUE_TYPE"),
    ] {
        let mut body = ride_ticket();
        body[member] = other.into();
        world.amina().create(&body).assert_refused(400, code).assert_fields(&[member]);
    }
}

#[test]
fn a_description_other_than_text_is_refused() {
    let world = World::start();
    for value in ["null", "5", "true", "[]", "{}", r#"["late"]"#] {
        let mut body = ride_ticket();
        body["description"] = serde_json::from_str(value).unwrap();
        world.amina().create(&body).assert_refused(400, "INVALID_TICKET").assert_fields(&["description"]);
    }
    let mut body = ride_ticket();
    body.as_object_mut().unwrap().remove("description");
    world.amina().create(&body).assert_refused(400, "INVALID_TICKET").assert_fields(&["description"]);
}

/// Invalid ids: not a number, not an integer, not positive, or beyond 64 bits.
pub(crate) const INVALID_IDS: [&str; 12] = [
    r#""1""#,
    "0",
    "-1",
    "1.5",
    "9223372036854775808",
    "-9223372036854775809",
    "1e30",
    "true",
    "[1]",
    "{}",
    r#""""#,
    "-0",
];

#[test]
fn an_id_is_a_positive_64_bit_integer_without_conversion() {
    let world = World::start();
    for id in INVALID_IDS {
        for (service, member) in [("ride", "rideId"), ("order", "orderId"), ("booking", "bookingId")] {
            let rest = format!(r#""serviceType":"{service}","issueType":"OTHER","description":"late""#);
            let body = format!(r#"{{{rest},"{member}":{id}}}"#);
            let answer = world.amina().request("POST", "/").raw_json(body).send();
            answer.assert_refused(400, "INVALID_TICKET").assert_fields(&[member]);
        }
        for path in ["/escalate", "/close"] {
            let answer = world.amina().request("POST", path).raw_json(format!(r#"{{"ticketId":{id}}}"#)).send();
            answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["ticketId"]);
        }
    }
}

#[test]
fn an_invalid_reference_is_not_also_reported_as_missing() {
    let world = World::start();
    for member in ["rideId", "orderId", "bookingId"] {
        let mut body = json!({"serviceType": "event_service", "issueType": "OTHER", "description": "late"});
        body[member] = "1".into();
        world.amina().create(&body).assert_refused(400, "INVALID_TICKET").assert_fields(&[member]);
    }
}

#[test]
fn a_missing_ticket_id_is_refused() {
    let world = World::start();
    for body in ["{}", r#"{"ticketId":null}"#, r#"{"ticketid":1}"#] {
        for path in ["/escalate", "/close"] {
            let answer = world.amina().request("POST", path).raw_json(body).send();
            answer.assert_refused(400, "INVALID_TICKET").assert_fields(&["ticketId"]);
        }
    }
}

#[test]
fn the_message_names_its_field() {
    let answer = World::start().amina().request("POST", "/close").raw_json("{}").send();
    assert_eq!(answer.message(), "ticketId: a value is required");
}

#[test]
fn the_largest_id_is_valid() {
    let world = World::start();
    let largest = i64::MAX;
    world.amina().escalate(largest).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    world.amina().close(largest).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    world.amina().track(largest).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    let mut body = ride_ticket();
    body["rideId"] = largest.into();
    world.amina().create(&body).assert_refused(400, "RIDE_NOT_FOUND");
}
