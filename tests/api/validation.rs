//! What is wrong with a body: every fault is listed, and the first in the contract's order gives the code.

use serde_json::{Value, json};

use crate::world::{World, ride_ticket};

/// One way to spoil the body, the code it earns and the member it is about, in the order of the contract.
const SPOILS: [(&str, &str, &str); 7] = [
    ("INVALID_SERVICE_TYPE", "serviceType", r#""boat""#),
    ("INVALID_ISSUE_TYPE", "issueType", r#""HUNGER""#),
    ("INVALID_TICKET", "description", r#"" ""#),
    ("CUSTOMER_NOT_FOUND", "groupCustomerIds", "[2,99]"),
    ("RIDE_NOT_FOUND", "rideId", "99"),
    ("ORDER_FAILED", "orderId", "99"),
    ("BOOKING_FAILED", "bookingId", "99"),
];

/// A body with these of the spoils, one bit each.
fn spoilt(which: u32) -> Value {
    let mut body = json!({
        "serviceType": "event_service", "issueType": "OTHER", "description": "late",
        "rideId": 1, "orderId": 1, "bookingId": 1, "groupCustomerIds": [2, 3],
    });
    for (bit, (_, member, value)) in SPOILS.iter().enumerate() {
        if which & (1 << bit) != 0 {
            body[member] = serde_json::from_str(value).unwrap();
        }
    }
    body
}

#[test]
fn the_first_fault_in_the_contracts_order_gives_the_code() {
    let world = World::start();
    world.amina().opens(&spoilt(0)).is_ok();
    for which in 1_u32..1 << SPOILS.len() {
        let first = which.trailing_zeros() as usize;
        world.amina().opens(&spoilt(which)).is_refused(400, SPOILS[first].0);
    }
}

#[test]
fn every_member_at_fault_is_listed() {
    let world = World::start();
    for which in 1_u32..1 << SPOILS.len() {
        let at_fault: Vec<&str> =
            (0..SPOILS.len()).filter(|bit| which & (1 << bit) != 0).map(|bit| SPOILS[bit].1).collect();
        world.amina().opens(&spoilt(which)).is_status(400).blames(&at_fault);
    }
}

#[test]
fn a_member_that_is_right_is_not_blamed() {
    let world = World::start();
    for (bit, (code, member, _)) in SPOILS.iter().enumerate() {
        world.amina().opens(&spoilt(1 << bit)).is_refused(400, code).blames(&[member]);
    }
}

#[test]
fn a_service_or_issue_type_that_is_none_is_refused_by_its_own_code() {
    let world = World::start();
    for (member, code) in [("serviceType", "INVALID_SERVICE_TYPE"), ("issueType", "INVALID_ISSUE_TYPE")] {
        for value in [json!(null), json!(""), json!("boat"), json!(1), json!(["ride"]), json!({}), json!(true)] {
            let mut body = ride_ticket();
            body[member] = value;
            world.amina().opens(&body).is_refused(400, code).blames(&[member]);
        }
        let mut body = ride_ticket();
        body.as_object_mut().unwrap().remove(member);
        world.amina().opens(&body).is_refused(400, code).blames(&[member]);
    }
    for (member, other, code) in [
        ("serviceType", "RIDE", "INVALID_SERVICE_TYPE"),
        ("serviceType", " ride", "INVALID_SERVICE_TYPE"),
        ("issueType", "payment_issue", "INVALID_ISSUE_TYPE"),
        ("issueType", "OTHER ", "INVALID_ISSUE_TYPE"),
    ] {
        let mut body = ride_ticket();
        body[member] = other.into();
        world.amina().opens(&body).is_refused(400, code).blames(&[member]);
    }
}

#[test]
fn a_description_that_is_no_text_is_refused() {
    let world = World::start();
    for value in ["null", "5", "true", "[]", "{}", r#"["late"]"#] {
        let mut body = ride_ticket();
        body["description"] = serde_json::from_str(value).unwrap();
        world.amina().opens(&body).is_refused(400, "INVALID_TICKET").blames(&["description"]);
    }
    let mut body = ride_ticket();
    body.as_object_mut().unwrap().remove("description");
    world.amina().opens(&body).is_refused(400, "INVALID_TICKET").blames(&["description"]);
}

/// What is no id: not a number, not whole, not positive, not in 64 bits.
pub(crate) const NO_IDS: [&str; 12] = [
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
fn an_id_is_a_positive_64_bit_integer_and_nothing_is_converted() {
    let world = World::start();
    for id in NO_IDS {
        for (service, member) in [("ride", "rideId"), ("order", "orderId"), ("booking", "bookingId")] {
            let rest = format!(r#""serviceType":"{service}","issueType":"OTHER","description":"late""#);
            let body = format!(r#"{{{rest},"{member}":{id}}}"#);
            let answer = world.amina().asks("POST", "/").raw_json(body).send();
            answer.is_refused(400, "INVALID_TICKET").blames(&[member]);
        }
        for path in ["/escalate", "/close"] {
            let answer = world.amina().asks("POST", path).raw_json(format!(r#"{{"ticketId":{id}}}"#)).send();
            answer.is_refused(400, "INVALID_TICKET").blames(&["ticketId"]);
        }
    }
}

#[test]
fn a_reference_that_is_no_id_is_not_also_one_that_is_missing() {
    let world = World::start();
    for member in ["rideId", "orderId", "bookingId"] {
        let mut body = json!({"serviceType": "event_service", "issueType": "OTHER", "description": "late"});
        body[member] = "1".into();
        world.amina().opens(&body).is_refused(400, "INVALID_TICKET").blames(&[member]);
    }
}

#[test]
fn a_missing_ticket_id_is_refused() {
    let world = World::start();
    for body in ["{}", r#"{"ticketId":null}"#, r#"{"ticketid":1}"#] {
        for path in ["/escalate", "/close"] {
            let answer = world.amina().asks("POST", path).raw_json(body).send();
            answer.is_refused(400, "INVALID_TICKET").blames(&["ticketId"]);
        }
    }
}

#[test]
fn the_message_says_what_it_is_about() {
    let answer = World::start().amina().asks("POST", "/close").raw_json("{}").send();
    assert_eq!(answer.message(), "ticketId: a value is required");
}

#[test]
fn the_largest_id_is_an_id() {
    let world = World::start();
    let largest = i64::MAX;
    world.amina().escalates(largest).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    world.amina().closes(largest).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    world.amina().tracks(largest).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    let mut body = ride_ticket();
    body["rideId"] = largest.into();
    world.amina().opens(&body).is_refused(400, "RIDE_NOT_FOUND");
}
