//! The order of the checks: path, method, token, role and permission, body, desk. None hides another.

use crate::client::Ask;
use crate::world::{World, ride_ticket};

/// A body that is too large, of the wrong type, or no JSON, on top of an ask.
fn bad_bodies(ask: &Ask) -> [(Ask, u16, &'static str); 3] {
    let large = "x".repeat(70_000);
    [
        (ask.clone().header("Content-Type", "text/plain").body(large), 413, "PAYLOAD_TOO_LARGE"),
        (ask.clone().header("Content-Type", "text/plain").body("{"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (ask.clone().raw_json("{"), 400, "INVALID_TICKET"),
    ]
}

#[test]
fn a_path_that_is_not_there_is_told_before_all_else() {
    let world = World::start();
    for path in ["/1/2", "/escalate/1", "x", "/close/now/"] {
        for method in ["GET", "POST", "DELETE", "BREW"] {
            world.asks(method, path).send().is_refused(404, "NOT_FOUND");
            for (ask, ..) in bad_bodies(&world.asks(method, path).bearer("wrong")) {
                ask.send().is_refused(404, "NOT_FOUND");
            }
        }
    }
}

#[test]
fn a_method_that_a_path_does_not_take_is_told_before_the_token_is_looked_at() {
    let world = World::start();
    for (method, path) in [("DELETE", "/"), ("GET", "/escalate"), ("PUT", "/close"), ("POST", "/1")] {
        world.asks(method, path).send().is_refused(405, "METHOD_NOT_ALLOWED");
        world.asks(method, path).bearer("wrong").send().is_refused(405, "METHOD_NOT_ALLOWED");
        for (ask, ..) in bad_bodies(&world.amina().asks(method, path)) {
            ask.send().is_refused(405, "METHOD_NOT_ALLOWED");
        }
    }
}

#[test]
fn a_bad_token_is_told_before_the_body_is_looked_at() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        for ask in [world.asks("POST", path), world.asks("POST", path).bearer("wrong")] {
            for (ask, ..) in bad_bodies(&ask) {
                ask.send().is_refused(401, "UNAUTHORIZED");
            }
        }
    }
}

#[test]
fn a_missing_permission_is_told_before_the_body_is_looked_at() {
    let world = World::start();
    let caller = world.customer_with(1, &["--permission", "track_support_ticket"]);
    for path in ["/", "/escalate", "/close"] {
        for (ask, ..) in bad_bodies(&caller.asks("POST", path)) {
            ask.send().is_refused(403, "PERMISSION_DENIED");
        }
    }
}

#[test]
fn the_size_of_a_body_is_told_before_its_type_and_its_type_before_its_text() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        for (ask, status, code) in bad_bodies(&world.amina().asks("POST", path)) {
            ask.send().is_refused(status, code);
        }
    }
}

#[test]
fn the_body_is_told_before_the_desk_is_asked() {
    let world = World::start();
    let answer = world.amina().asks("POST", "/close").raw_json(r#"{"ticketId":4242,"ticketId":4242}"#).send();
    answer.is_refused(400, "INVALID_TICKET");
    let mut body = ride_ticket();
    body["rideId"] = 99.into();
    body["issueType"] = "HUNGER".into();
    world.amina().opens(&body).is_refused(400, "INVALID_ISSUE_TYPE");
}

#[test]
fn an_id_in_the_path_is_looked_at_after_the_token_and_its_permission() {
    let world = World::start();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    let long = "1".repeat(300);
    for id in ["0", "-1", "abc", "9223372036854775808", "1x", "+1", "1.0", "1e0", "%00", "01", "*", "1,2", &long] {
        let path = format!("/{id}");
        world.asks("GET", &path).send().is_refused(401, "UNAUTHORIZED");
        world.asks("GET", &path).bearer("wrong").send().is_refused(401, "UNAUTHORIZED");
        blind.asks("GET", &path).send().is_refused(403, "PERMISSION_DENIED");
        world.amina().asks("GET", &path).send().is_refused(400, "INVALID_TICKET");
    }
}
