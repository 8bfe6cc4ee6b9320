//! Failed tokens per client address, trusted proxies, and the client address in the log.

use std::time::Duration;

use crate::client::Response;
use crate::world::{Plan, World, eventually};

/// Returns a world in which an address may send three failed tokens an hour.
fn limited() -> Plan {
    World::plan().with_arguments(&["--auth-failure-limit", "3/1h"])
}

/// Returns a token in the right form that the store does not know.
fn unknown_token(world: &World) -> String {
    let record = World::start().token_record(1, &[]);
    let token = record["token"].as_str().unwrap().to_owned();
    assert_ne!(token, world.amina().token);
    token
}

/// Sends a request with an invalid token and these headers.
fn guess(world: &World, headers: &[(&str, &str)]) -> Response {
    let request = world.request("GET", "/1").bearer("sup_guess");
    headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send()
}

#[track_caller]
fn assert_limited(answer: &Response) {
    answer.assert_refused(429, "RATE_LIMITED").assert_fields(&[]);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=3_600).contains(&wait), "{answer}");
    assert_eq!(answer.header("www-authenticate"), None, "{answer}");
}

#[test]
fn beyond_the_limit_only_tokens_that_were_valid_lately_are_looked_up() {
    let world = limited().start();
    world.amina().track(1).assert_ok();
    for token in ["sup_guess", "not.a.jwt", &unknown_token(&world)] {
        world.actor_with_token(token).track(1).assert_refused(401, "UNAUTHORIZED");
    }
    assert_limited(&guess(&world, &[]));
    for _ in 0..5 {
        world.amina().track(1).assert_ok();
    }
    assert_limited(&world.mateo().track(1));
    assert_limited(&world.mateo().close(1));
    assert_limited(&world.actor_with_token("not.a.jwt").list(""));
    world.request("GET", "/1").send().assert_refused(401, "UNAUTHORIZED").assert_reason("NO_TOKEN");
    world.request_to("GET", "/readyz").send().assert_status(200);
}

#[test]
fn only_failed_tokens_count() {
    let world = limited().start();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    for id in 1..=12 {
        world.customer(id).list("").assert_ok();
        blind.track(1).assert_refused(403, "PERMISSION_DENIED");
        world.request("GET", "/1").send().assert_refused(401, "UNAUTHORIZED");
        world.jonas().track(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
        world.customer_with(1, &["--role", "driver"]).track(1).assert_refused(403, "PERMISSION_DENIED");
    }
    for _ in 0..3 {
        guess(&world, &[]).assert_refused(401, "UNAUTHORIZED");
    }
    assert_limited(&guess(&world, &[]));
}

#[test]
fn concurrent_guesses_do_not_evade_the_limit() {
    let world = limited().start();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| guess(&world, &[]).status)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let looked_up = statuses.iter().filter(|status| **status == 401).count();
    // Each of the two tables of the limit may admit the last failure to another of two concurrent requests.
    assert!((3..=4).contains(&looked_up), "{statuses:?}");
}

#[test]
fn a_revoked_token_counts_as_failed() {
    let world = limited().start();
    let record = world.token_record(2, &[]);
    let mateo = world.actor_with_token(record["token"].as_str().unwrap());
    mateo.track(1).assert_ok();
    world.run(&["token", "revoke", &record["tokenId"].to_string()]);
    for _ in 0..3 {
        mateo.track(1).assert_refused(401, "UNAUTHORIZED");
    }
    assert_limited(&mateo.track(1));
}

#[test]
fn an_address_that_waits_is_admitted_again() {
    let world = World::plan().with_arguments(&["--auth-failure-limit", "1/2s"]).start();
    guess(&world, &[]).assert_refused(401, "UNAUTHORIZED");
    assert_limited(&guess(&world, &[]));
    eventually(Duration::from_secs(10), || (world.amina().track(1).status == 200).then_some(()));
}

#[test]
fn forwarding_headers_of_others_than_trusted_proxies_do_not_count() {
    for world in [limited(), limited().with_arguments(&["--trusted-proxy", "10.0.0.0/8,192.0.2.1"])] {
        let world = world.start();
        for number in 0..3 {
            let address = format!("203.0.113.{number}");
            let (name, value) =
                if number == 0 { ("Forwarded", format!("for={address}")) } else { ("X-Forwarded-For", address) };
            guess(&world, &[(name, &value)]).assert_status(401);
        }
        assert_limited(&guess(&world, &[("X-Forwarded-For", "203.0.113.77")]));
        assert_limited(&guess(&world, &[("Forwarded", "for=203.0.113.77")]));
    }
}

#[test]
fn a_trusted_proxy_forwards_the_client_address() {
    let world = limited().with_arguments(&["--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "127.0.0.0/8"]).start();
    for hops in ["203.0.113.1", "198.51.100.1, 203.0.113.1", "198.51.100.2,203.0.113.1 , 10.1.2.3"] {
        guess(&world, &[("X-Forwarded-For", hops)]).assert_refused(401, "UNAUTHORIZED");
    }
    assert_limited(&guess(&world, &[("X-Forwarded-For", "198.51.100.3, 203.0.113.1")]));
    assert_limited(&guess(&world, &[("Forwarded", "for=198.51.100.3, for=\"203.0.113.1:80\";proto=https")]));
    guess(&world, &[("X-Forwarded-For", "203.0.113.2")]).assert_refused(401, "UNAUTHORIZED");
    guess(&world, &[]).assert_refused(401, "UNAUTHORIZED");
    for host in 1..=3 {
        let address = format!("2001:db8:0:1::{host}");
        guess(&world, &[("X-Forwarded-For", &address)]).assert_refused(401, "UNAUTHORIZED");
    }
    assert_limited(&guess(&world, &[("X-Forwarded-For", "2001:db8:0:1:ffff::1")]));
    guess(&world, &[("X-Forwarded-For", "2001:db8:0:2::1")]).assert_refused(401, "UNAUTHORIZED");
}

#[test]
fn the_limit_is_30_a_minute_by_default_and_off_switches_it_off() {
    let world = World::plan().with_variable("SUPPORT_AUTH_FAILURE_LIMIT", "").start();
    let answers: Vec<u16> = (0..60).map(|_| guess(&world, &[]).status).collect();
    assert!(answers[..30].iter().all(|status| *status == 401), "{answers:?}");
    assert!(answers.contains(&429), "{answers:?}");
    let world = World::plan().with_arguments(&["--auth-failure-limit", "off"]).start();
    assert!((0..60).all(|_| guess(&world, &[]).status == 401));
}

#[test]
fn the_log_names_the_client_of_a_refused_caller() {
    let world = World::plan()
        .with_arguments(&["--rate-limit", "1/1h", "--log-format", "json"])
        .with_variable("SUPPORT_TRUSTED_PROXY", "127.0.0.1")
        .start();
    let blind = world.customer_with(2, &["--permission", "close_support_ticket"]);
    let client = |id: &str| {
        let line: serde_json::Value = serde_json::from_str(&world.log_lines(id)[0]).unwrap();
        line["client"].clone()
    };
    let (forwarded, by) = ("X-Forwarded-For", "2001:db8::7");
    for (id, request, status) in [
        ("ok-200", world.amina().request("GET", "/1"), 200),
        ("rate-429", world.amina().request("GET", "/1"), 429),
        ("guess-401", world.request("GET", "/1").bearer("sup_guess"), 401),
        ("none-401", world.request("GET", "/1"), 401),
        ("blind-403", blind.request("GET", "/1"), 403),
    ] {
        request.header("X-Request-Id", id).header(forwarded, by).send().assert_status(status);
        let expected = if status == 200 { serde_json::Value::Null } else { by.into() };
        assert_eq!(client(id), expected, "{id}");
    }
    world.request("GET", "/1").header("X-Request-Id", "direct").send().assert_status(401);
    assert_eq!(client("direct"), "127.0.0.1");
    world.request("GET", "/1").header("X-Request-Id", "bad").header(forwarded, "x\" y=1").send().assert_status(401);
    assert_eq!(client("bad"), "127.0.0.1");
}
