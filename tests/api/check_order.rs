//! Order of the checks: path, method, token, role and permission, rate, body, use case.

use crate::client::Request;
use crate::world::{World, ride_ticket};

/// Returns the request with a body that is too large, of the wrong type, or invalid JSON.
fn bad_bodies(request: &Request) -> [(Request, u16, &'static str); 3] {
    let large = "x".repeat(70_000);
    [
        (request.clone().header("Content-Type", "text/plain").body(large), 413, "PAYLOAD_TOO_LARGE"),
        (request.clone().header("Content-Type", "text/plain").body("{"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (request.clone().raw_json("{"), 400, "INVALID_TICKET"),
    ]
}

#[test]
fn an_unknown_path_is_refused_before_any_other_check() {
    let world = World::start();
    for path in ["/1/2", "/escalate/1", "x", "/close/now/"] {
        for method in ["GET", "POST", "DELETE", "BREW"] {
            world.request(method, path).send().assert_refused(404, "NOT_FOUND");
            for (request, ..) in bad_bodies(&world.request(method, path).bearer("wrong")) {
                request.send().assert_refused(404, "NOT_FOUND");
            }
        }
    }
}

#[test]
fn the_method_is_checked_before_the_token() {
    let world = World::start();
    for (method, path) in [("DELETE", "/"), ("GET", "/escalate"), ("PUT", "/close"), ("POST", "/1")] {
        world.request(method, path).send().assert_refused(405, "METHOD_NOT_ALLOWED");
        world.request(method, path).bearer("wrong").send().assert_refused(405, "METHOD_NOT_ALLOWED");
        for (request, ..) in bad_bodies(&world.amina().request(method, path)) {
            request.send().assert_refused(405, "METHOD_NOT_ALLOWED");
        }
    }
}

#[test]
fn the_token_is_checked_before_the_body() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        for request in [world.request("POST", path), world.request("POST", path).bearer("wrong")] {
            for (request, ..) in bad_bodies(&request) {
                request.send().assert_refused(401, "UNAUTHORIZED");
            }
        }
    }
}

#[test]
fn the_permission_is_checked_before_the_body() {
    let world = World::start();
    let caller = world.customer_with(1, &["--permission", "track_support_ticket"]);
    for path in ["/", "/escalate", "/close"] {
        for (request, ..) in bad_bodies(&caller.request("POST", path)) {
            request.send().assert_refused(403, "PERMISSION_DENIED");
        }
    }
}

#[test]
fn a_body_is_checked_for_size_then_type_then_syntax() {
    let world = World::start();
    for path in ["/", "/escalate", "/close"] {
        for (request, status, code) in bad_bodies(&world.amina().request("POST", path)) {
            request.send().assert_refused(status, code);
        }
    }
}

#[test]
fn the_body_is_checked_before_the_use_case() {
    let world = World::start();
    let answer = world.amina().request("POST", "/close").raw_json(r#"{"ticketId":4242,"ticketId":4242}"#).send();
    answer.assert_refused(400, "INVALID_TICKET");
    let mut body = ride_ticket();
    body["rideId"] = 99.into();
    body["issueType"] = "HUNGER".into();
    world.amina().create(&body).assert_refused(400, "INVALID_ISSUE_TYPE");
}

#[test]
fn an_id_in_the_path_is_checked_after_the_token_and_its_permission() {
    let world = World::start();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    let long = "1".repeat(300);
    for id in ["0", "-1", "abc", "9223372036854775808", "1x", "+1", "1.0", "1e0", "%00", "01", "*", "1,2", &long] {
        let path = format!("/{id}");
        world.request("GET", &path).send().assert_refused(401, "UNAUTHORIZED");
        world.request("GET", &path).bearer("wrong").send().assert_refused(401, "UNAUTHORIZED");
        blind.request("GET", &path).send().assert_refused(403, "PERMISSION_DENIED");
        world.amina().request("GET", &path).send().assert_refused(400, "INVALID_TICKET");
    }
}
