//! `Idempotency-Key`: a repeated request is executed once and gets the same response.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::client::{Request, Response};
use crate::concurrency::concurrently;
use crate::world::{Actor, World, ride_ticket};

fn create(actor: &Actor<'_>, key: &str) -> Request {
    actor.request("POST", "/").json(&ride_ticket()).header("Idempotency-Key", key)
}

fn close(actor: &Actor<'_>, ticket: i64, key: &str) -> Response {
    actor.request("POST", "/close").json(&json!({"ticketId": ticket})).header("Idempotency-Key", key).send()
}

/// Asserts a replay of the first response, byte for byte.
#[track_caller]
fn assert_replayed(first: &Response, again: &Response) {
    assert_eq!(first.header("idempotency-replayed"), None, "{first}");
    assert_eq!(again.header("idempotency-replayed"), Some("true"), "{again}");
    assert_eq!((again.status, again.text()), (first.status, first.text()));
    for name in ["content-type", "content-language", "cache-control", "www-authenticate"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
}

fn count(world: &World, table: &str) -> i64 {
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

fn alter(world: &World, sql: &str) {
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    store.execute_batch(sql).unwrap();
}

#[test]
fn a_repeated_create_with_a_key_creates_one_ticket() {
    let world = World::start();
    let first = create(&world.amina(), "k-1").send();
    first.assert_ok();
    let again = create(&world.amina(), "k-1").send();
    assert_replayed(&first, &again);
    assert_eq!(count(&world, "tickets"), 43);
    assert_eq!(world.balance(1), (10, "0.20".to_owned()));
    assert_ne!(first.header("x-request-id"), again.header("x-request-id"), "each request has an id of its own");
}

#[test]
fn without_a_key_each_request_is_a_new_one() {
    let world = World::start();
    let create = || world.amina().create(&ride_ticket()).data()["ticketId"].as_i64().unwrap();
    assert_ne!(create(), create());
    assert_eq!(count(&world, "idempotency_keys"), 0);
}

#[test]
fn escalate_and_close_are_replayed_too() {
    let world = World::start();
    let amina = world.amina();
    let ticket = amina.create_ride_ticket("charged twice");
    let body = json!({"ticketId": ticket});
    let escalate = || amina.request("POST", "/escalate").json(&body).header("Idempotency-Key", "k").send();
    let first = escalate();
    first.assert_ok();
    assert_replayed(&first, &escalate());
    let first = close(&amina, ticket, "k");
    first.assert_ok();
    assert_replayed(&first, &close(&amina, ticket, "k"));
    assert_eq!(world.balance(1).0, 25);
}

#[test]
fn a_key_with_another_body_is_refused() {
    let world = World::start();
    let first = create(&world.amina(), "k").send();
    let spaced = format!("{} ", ride_ticket());
    let other = world.amina().request("POST", "/").raw_json(spaced).header("Idempotency-Key", "k").send();
    other.assert_refused(422, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(other.header("idempotency-replayed"), None);
    assert_replayed(&first, &create(&world.amina(), "k").send());
    assert_eq!(count(&world, "tickets"), 43);
}

#[test]
fn a_key_belongs_to_a_customer_and_an_endpoint() {
    let world = World::start();
    let (amina, mateo) = (world.amina(), world.mateo());
    let one = create(&amina, "k").send().data()["ticketId"].as_i64().unwrap();
    let two = create(&mateo, "k").send().data()["ticketId"].as_i64().unwrap();
    assert_ne!(one, two);
    assert_eq!(close(&amina, one, "k").assert_ok().header("idempotency-replayed"), None);
    let slashed = amina.request("POST", "").json(&ride_ticket()).header("Idempotency-Key", "k").send();
    assert_eq!(slashed.header("idempotency-replayed"), Some("true"), "with and without the slash it is one endpoint");
}

#[test]
fn a_refusal_by_a_use_case_is_stored() {
    let world = World::start();
    let amina = world.amina();
    let ticket = amina.create_ride_ticket("charged twice");
    amina.close(ticket).assert_ok();
    let first = close(&amina, ticket, "closed");
    first.assert_refused(400, "SUPPORT_TICKET_FAILED");
    assert_replayed(&first, &close(&amina, ticket, "closed"));
    let first = close(&amina, 999, "absent");
    first.assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    assert_replayed(&first, &close(&amina, 999, "absent"));
    let shared = amina.create_group_ticket("charged twice", &[2]);
    let first = close(&world.mateo(), shared, "member");
    first.assert_refused(403, "PERMISSION_DENIED");
    assert_replayed(&first, &close(&world.mateo(), shared, "member"));
    let wrong =
        || amina.request("POST", "/").json(&json!({"serviceType": "boat"})).header("Idempotency-Key", "w").send();
    let first = wrong();
    first.assert_refused(400, "INVALID_SERVICE_TYPE").assert_fields(&["serviceType", "issueType", "description"]);
    assert_replayed(&first, &wrong());
}

#[test]
fn a_stored_refusal_is_replayed_after_the_data_has_changed() {
    let world = World::start();
    let amina = world.amina();
    let first = close(&amina, 43, "early");
    first.assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    assert_eq!(amina.create_ride_ticket("charged twice"), 43);
    assert_replayed(&first, &close(&amina, 43, "early"));
    assert_eq!(amina.track(43).data()["status"], "OPEN");
}

#[test]
fn a_refusal_for_a_missing_ticket_is_stored() {
    let world = World::start();
    let mateo = world.mateo();
    let body = json!({"serviceType": "order", "issueType": "OTHER", "description": "?", "orderId": 999});
    let request = || mateo.request("POST", "/").json(&body).header("Idempotency-Key", "k").send();
    let first = request();
    first.assert_refused(400, "ORDER_FAILED");
    assert_replayed(&first, &request());
}

#[test]
fn a_refusal_before_the_use_case_is_not_stored() {
    let world = World::start();
    let amina = world.amina();
    let request = |body: &str| amina.request("POST", "/").raw_json(body).header("Idempotency-Key", "k");
    request("{").send().assert_refused(400, "INVALID_TICKET");
    request("{\"a\":1,\"a\":2}").send().assert_refused(400, "INVALID_TICKET");
    amina.request("POST", "/").body("x").header("Idempotency-Key", "k").send().assert_status(415);
    request(&" ".repeat(70_000)).send().assert_status(413);
    world.request("POST", "/").json(&ride_ticket()).header("Idempotency-Key", "k").send().assert_status(401);
    let tracker = world.customer_with(1, &["--permission", "track_support_ticket"]);
    create(&tracker, "k").send().assert_refused(403, "PERMISSION_DENIED");
    assert_eq!(count(&world, "idempotency_keys"), 0);
    create(&amina, "k").send().assert_ok();
}

#[test]
fn a_token_without_the_permission_gets_no_replay() {
    let world = World::start();
    create(&world.amina(), "k").send().assert_ok();
    let tracker = world.customer_with(1, &["--permission", "track_support_ticket"]);
    create(&tracker, "k").send().assert_refused(403, "PERMISSION_DENIED");
}

#[test]
fn an_internal_error_is_not_stored() {
    let sql = "CREATE TRIGGER sabotage BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'sabotage'); END";
    let world = World::plan().with_sql(sql).start();
    create(&world.amina(), "k").send().assert_refused(503, "SUPPORT_TICKET_FAILED");
    assert_eq!((count(&world, "idempotency_keys"), count(&world, "tickets")), (0, 42));
    alter(&world, "DROP TRIGGER sabotage");
    create(&world.amina(), "k").send().assert_ok();
    assert_eq!(count(&world, "tickets"), 43);
}

#[test]
fn a_failure_to_store_the_response_rolls_back_the_operation() {
    let sql = "CREATE TRIGGER sabotage BEFORE INSERT ON idempotency_keys BEGIN SELECT raise(ABORT, 'sabotage'); END";
    let world = World::plan().with_sql(sql).start();
    create(&world.amina(), "k").send().assert_refused(503, "SUPPORT_TICKET_FAILED");
    assert_eq!((count(&world, "tickets"), world.balance(1).0), (42, 0));
    world.amina().create_ride_ticket("without a key");
}

#[test]
fn a_key_consists_of_visible_ascii() {
    let world = World::start();
    let amina = world.amina();
    for bad in ["", "a b", "a\tb", "clé", &"k".repeat(256)] {
        let refused = create(&amina, bad).send();
        refused.assert_refused(400, "INVALID_TICKET").assert_fields(&["Idempotency-Key"]);
    }
    let twice = create(&amina, "k").header("Idempotency-Key", "k").send();
    twice.assert_refused(400, "INVALID_TICKET").assert_fields(&["Idempotency-Key"]);
    assert_eq!(count(&world, "tickets"), 42);
    create(&amina, &"~".repeat(255)).send().assert_ok();
}

#[test]
fn a_key_is_ignored_by_reads() {
    let world = World::start();
    for _ in 0..2 {
        let read = world.amina().request("GET", "/1").header("Idempotency-Key", "k").send();
        assert_eq!(read.assert_ok().header("idempotency-replayed"), None);
    }
}

#[test]
fn a_replay_keeps_the_language_of_the_first_response() {
    let world = World::start();
    let request = |language: &str| create(&world.amina(), "k").header("Accept-Language", language).send();
    let first = request("fr");
    let again = request("de");
    assert_replayed(&first, &again);
    assert_eq!(again.header("content-language"), Some("fr"));
}

#[test]
fn a_hundred_concurrent_repeats_create_one_ticket_and_get_one_response() {
    let world = World::start();
    let answers = concurrently(100, |_| create(&world.amina(), "storm").send());
    let first = answers.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count();
    assert_eq!(first, 1);
    assert!(answers.iter().all(|answer| answer.assert_ok().text() == answers[0].text()));
    assert_eq!(count(&world, "tickets"), 43);
    assert_eq!(world.balance(1).0, 10);
}

#[test]
fn a_key_survives_kills_and_restarts() {
    let mut world = World::start();
    let mut given = BTreeMap::new();
    for round in 0..5 {
        let keys: Vec<String> = (0..20).map(|number| format!("{round}-{number}")).collect();
        for key in &keys {
            given.insert(key.clone(), create(&world.amina(), key).send());
        }
        world.signal("KILL");
        world.wait_for_exit(Duration::from_secs(5));
        world.restart();
        for (key, first) in &given {
            assert_replayed(first, &create(&world.amina(), key).send());
        }
    }
    assert_eq!(count(&world, "tickets"), 142);
    assert_eq!(world.balance(1).0, 1_000);
}

#[test]
fn a_request_interrupted_by_a_kill_can_be_repeated() {
    let mut world = World::start();
    let mut keys = Vec::new();
    for round in 0..6 {
        let sent = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for writer in 0..4 {
                let (world, sent) = (&world, &sent);
                scope.spawn(move || {
                    for number in 0.. {
                        let key = format!("{round}-{writer}-{number}");
                        sent.lock().unwrap().push(key.clone());
                        if create(&world.amina(), &key).try_send().is_none() {
                            return;
                        }
                    }
                });
            }
            thread::sleep(Duration::from_millis(60 + 17 * round));
            world.signal("KILL");
        });
        world.wait_for_exit(Duration::from_secs(5));
        world.restart();
        for key in sent.into_inner().unwrap() {
            let answer = create(&world.amina(), &key).send();
            keys.push((key, answer.data()["ticketId"].as_i64().unwrap()));
        }
    }
    let tickets: BTreeSet<i64> = keys.iter().map(|(_, ticket)| *ticket).collect();
    assert_eq!(tickets.len(), keys.len(), "each key has a ticket of its own");
    assert_eq!(
        count(&world, "tickets WHERE id > 42"),
        i64::try_from(keys.len()).unwrap(),
        "and no ticket is left over"
    );
}

#[test]
fn a_key_expires_after_a_day() {
    let world = World::start();
    let first = create(&world.amina(), "k").send().data()["ticketId"].as_i64().unwrap();
    let store = rusqlite::Connection::open(world.file()).unwrap();
    let sql = "SELECT expires_at - unixepoch() FROM idempotency_keys";
    let left: i64 = store.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!((86_390..=86_400).contains(&left), "{left} s are left");
    alter(&world, "UPDATE idempotency_keys SET expires_at = unixepoch()");
    let later = create(&world.amina(), "k").send();
    assert_eq!(later.header("idempotency-replayed"), None);
    assert_ne!(later.data()["ticketId"], first);
    assert_replayed(&later, &create(&world.amina(), "k").send());
}

#[test]
fn expired_responses_are_purged_in_batches() {
    let world = World::start();
    alter(
        &world,
        "INSERT INTO idempotency_keys (principal, endpoint, key, request_digest, status, language, text, expires_at)
         SELECT 'customer:1', 'POST /', 'old-' || value, zeroblob(32), 200, 'en', x'7b7d', value
         FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]')",
    );
    let mut left = Vec::new();
    for key in ["a", "b", "c", "d"] {
        create(&world.amina(), key).send().assert_ok();
        left.push(count(&world, "idempotency_keys WHERE key LIKE 'old-%'"));
    }
    // The server's own purge may have run before.
    assert!(left.iter().zip([12, 4, 0, 0]).all(|(left, most)| *left <= most), "{left:?}");
    assert_eq!(count(&world, "idempotency_keys"), 4);
}

#[test]
fn marking_notifications_is_replayed_too() {
    let world = World::start();
    world.amina().create_ride_ticket("charged twice");
    let body = json!({"all": true});
    let read =
        || world.amina().request("POST", "/notifications/read").json(&body).header("Idempotency-Key", "k").send();
    let first = read();
    assert_eq!(first.data()["marked"], 1);
    world.amina().create_ride_ticket("charged again");
    assert_replayed(&first, &read());
    assert_eq!(count(&world, "notifications WHERE read_at IS NULL"), 1);
}

#[test]
fn a_body_with_many_errors_gets_a_response_of_bounded_size() {
    let world = World::start();
    let mut body = ride_ticket();
    body["groupCustomerIds"] = json!(vec![0; 20_000]);
    let refused = world.amina().request("POST", "/").json(&body).header("Idempotency-Key", "k").send();
    refused.assert_refused(400, "INVALID_TICKET");
    assert!(refused.body.len() < 16 * 1024, "{} bytes", refused.body.len());
}
