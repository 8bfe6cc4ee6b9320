//! Webhooks: signed events are delivered in order to their subscribers, once in the store's view, despite failures.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::receiver::{Receiver, Reply, start_tls};
use crate::world::{World, eventually};

/// Adds a webhook for a receiver on loopback, and returns the command's output.
#[track_caller]
fn add_webhook(world: &World, receiver: &Receiver, more: &[&str]) -> Value {
    world.run_json(&[&["webhook", "add", &receiver.url(), "--allow-private"], more].concat())
}

/// Creates this number of tickets of Amina's.
#[track_caller]
fn create_tickets(world: &World, count: usize, words: &str) -> Vec<i64> {
    (0..count).map(|_| world.amina().create_ride_ticket(words)).collect()
}

fn secret(webhook: &Value) -> &str {
    webhook["secret"].as_str().unwrap()
}

fn deliveries(world: &World) -> Vec<Value> {
    let mut deliveries = world.run_json(&["webhook", "deliveries", "--limit", "1000"])["deliveries"].take();
    deliveries.as_array_mut().map(std::mem::take).unwrap()
}

/// Waits until the deliveries have these states, oldest first, and returns them.
#[track_caller]
pub(crate) fn wait_for_states(world: &World, states: &[&str]) -> Vec<Value> {
    eventually(Duration::from_secs(20), || {
        let mut found = deliveries(world);
        found.reverse();
        found.iter().map(|delivery| delivery["state"].as_str().unwrap()).eq(states.iter().copied()).then_some(found)
    })
}

#[test]
fn an_event_is_delivered_signed_and_as_stored() {
    let world = World::start();
    let receiver = Receiver::start();
    let webhook = add_webhook(&world, &receiver, &["--header", "X-Team: desk"]);
    let ticket = world.amina().create_group_ticket("charged twice", &[2]);
    let message = receiver.wait_for(1).remove(0);
    assert!(message.is_signed_with(secret(&webhook)));
    assert_eq!(message.path, "/hooks?from=support");
    assert_eq!(message.header("host"), receiver.address.to_string());
    assert_eq!(message.header("content-type"), "application/json");
    assert_eq!(message.header("x-team"), "desk");
    let event = message.json();
    assert_eq!(event["event"], "support:ticket_created");
    assert_eq!(event["data"]["ticketId"], ticket);
    assert_eq!(event["data"]["groupCustomerIds"], serde_json::json!([2]));
    assert_eq!(event["data"]["actor"], serde_json::json!({"kind": "customer", "id": 1}));
    let stored: String = rusqlite::Connection::open(world.file())
        .unwrap()
        .query_row("SELECT data FROM outbox ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert!(message.body.ends_with(format!("\"data\":{stored}}}").as_bytes()));
    let delivery = wait_for_states(&world, &["delivered"]).remove(0);
    assert_eq!(delivery["messageId"], message.header("webhook-id"));
    assert_eq!(delivery["lastAttempt"]["status"], 204);
    assert_eq!(delivery["attempts"], 1);
}

#[test]
fn an_operation_of_the_command_line_is_delivered_too() {
    let world = World::start();
    let receiver = Receiver::start();
    add_webhook(&world, &receiver, &[]);
    world.run(&["ticket", "close", "1"]);
    let message = receiver.wait_for(1).remove(0);
    assert_eq!((message.ticket(), message.json()["event"].as_str()), (1, Some("support:ticket_closed")));
}

#[test]
fn only_later_events_of_the_subscribed_types_are_delivered() {
    let world = World::start();
    world.amina().create_ride_ticket("before");
    let receiver = Receiver::start();
    add_webhook(&world, &receiver, &["--event", "support:ticket_closed,support:ticket_escalated"]);
    let ticket = world.amina().create_ride_ticket("after");
    world.amina().escalate(ticket).assert_ok();
    world.amina().close(ticket).assert_ok();
    let got = receiver.wait_for(2);
    let events: Vec<_> = got.iter().map(|message| message.json()["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(events, ["support:ticket_escalated", "support:ticket_closed"]);
    wait_for_states(&world, &["delivered", "delivered"]);
    assert_eq!(receiver.messages().len(), 2);
}

#[test]
fn a_failed_message_is_retried_with_the_same_id_before_later_ones() {
    let world = World::start();
    let receiver = Receiver::with_script(|number, _| match number {
        0 => Reply::Status(500),
        1 => Reply::With(429, "Retry-After: 3\r\n", Vec::new()),
        _ => Reply::Status(200),
    });
    let webhook = add_webhook(&world, &receiver, &[]);
    let tickets = create_tickets(&world, 4, "in order");
    let got = receiver.wait_for(6);
    let order: Vec<_> = got.iter().map(crate::receiver::Message::ticket).collect();
    assert_eq!(order, [tickets[0], tickets[0], tickets[0], tickets[1], tickets[2], tickets[3]]);
    assert!(got[..3].iter().all(|message| message.header("webhook-id") == got[0].header("webhook-id")));
    assert!(got[..3].iter().all(|message| message.body == got[0].body));
    assert!(got.iter().all(|message| message.is_signed_with(secret(&webhook))));
    assert!(got[2].at - got[1].at >= Duration::from_secs(3), "Retry-After is honoured");
    let delivered = wait_for_states(&world, &["delivered"; 4]);
    assert_eq!(delivered[0]["attempts"], 3);
}

#[test]
fn an_unavailable_receiver_gets_its_events_when_it_is_back() {
    let world = World::start();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}/");
    world.run_json(&["webhook", "add", &url, "--allow-private"]);
    world.amina().create_ride_ticket("nobody there");
    eventually(Duration::from_secs(10), || {
        let delivery = deliveries(&world).pop()?;
        (delivery["lastAttempt"]["error"] == "unreachable" && delivery["state"] == "waiting").then_some(())
    });
    let receiver = Receiver::at(address, |_, _| Reply::Status(204));
    receiver.wait_for(1);
    wait_for_states(&world, &["delivered"]);
}

#[test]
fn a_refused_or_redirected_message_is_dead_immediately_and_the_next_is_sent() {
    let world = World::start();
    let elsewhere = Receiver::start();
    let location: &'static str = format!("Location: {}\r\n", elsewhere.url()).leak();
    let receiver = Receiver::with_script(move |number, _| match number {
        0 => Reply::With(302, location, Vec::new()),
        1 => Reply::With(308, location, Vec::new()),
        2 => Reply::With(400, "", b"no\x1b[2Jthanks".to_vec()),
        _ => Reply::Status(200),
    });
    add_webhook(&world, &receiver, &[]);
    create_tickets(&world, 4, "away");
    let ended = wait_for_states(&world, &["dead", "dead", "dead", "delivered"]);
    assert_eq!(ended[2]["lastAttempt"]["answer"], "no\u{fffd}[2Jthanks");
    assert_eq!(elsewhere.connection_count(), 0);
    let failed = world.run_json(&["webhook", "deliveries", "--failed"])["deliveries"].as_array().unwrap().len();
    assert_eq!(failed, 3);
    assert!(world.log().contains("given up"));
}

#[test]
fn a_receiver_that_answers_410_gets_no_more_messages() {
    let world = World::start();
    let receiver = Receiver::with_script(|_, _| Reply::Status(410));
    let webhook = add_webhook(&world, &receiver, &[]);
    create_tickets(&world, 3, "gone");
    wait_for_a_dead_delivery(&world);
    let other = Receiver::start();
    add_webhook(&world, &other, &[]);
    create_tickets(&world, 3, "gone");
    other.wait_for(3);
    assert_eq!(receiver.messages().len(), 1);
    let listed = world.run_json(&["webhook", "list"])["webhooks"].take();
    let listed = listed.as_array().unwrap().iter().find(|listed| listed["webhookId"] == webhook["webhookId"]);
    assert_eq!(listed.unwrap()["state"], "disabled");
    let refused = world.try_run(&["webhook", "secret", "rotate", &webhook["webhookId"].to_string()]);
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn a_webhook_disabled_by_410_delivers_its_pending_messages_after_it_is_enabled() {
    let world = World::start();
    let receiver = Receiver::with_script(|number, _| Reply::Status(if number == 0 { 410 } else { 204 }));
    let webhook = add_webhook(&world, &receiver, &[]);
    create_tickets(&world, 3, "gone");
    wait_for_a_dead_delivery(&world);
    let id = webhook["webhookId"].to_string();
    let enabled = world.run_json(&["webhook", "enable", &id]);
    assert_eq!((&enabled["state"], &enabled["disabledAt"]), (&"active".into(), &Value::Null));
    wait_for_states(&world, &["dead", "delivered", "delivered"]);
    world.run_json(&["webhook", "enable", &id]);
    let entries = world.run_json(&["audit", "list", "--webhook", &id])["entries"].take();
    let actions: Vec<_> = entries.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["webhook.enabled", "webhook.added"], "one that gets its events is left as it is");
    world.run(&["audit", "verify"]);
    assert_eq!(world.try_run(&["webhook", "enable", "99"]).status.code(), Some(1));
}

#[track_caller]
fn wait_for_a_dead_delivery(world: &World) {
    eventually(Duration::from_secs(10), || {
        deliveries(world).iter().any(|delivery| delivery["state"] == "dead").then_some(())
    });
}

#[test]
fn a_hanging_receiver_times_out_after_15_seconds_and_delays_no_other() {
    let world = World::start();
    let slow = Receiver::with_script(|_, _| Reply::Silence);
    let fast = Receiver::start();
    add_webhook(&world, &slow, &[]);
    add_webhook(&world, &fast, &[]);
    slow_and_fast(&world, &slow, &fast);
    let cut = eventually(Duration::from_secs(25), || {
        let found = deliveries(&world).into_iter().find(|delivery| delivery["lastAttempt"]["error"] == "timed_out");
        found.map(|delivery| delivery["lastAttempt"]["tookMs"].as_u64().unwrap())
    });
    assert!((15_000..16_500).contains(&cut), "{cut} ms");
}

fn slow_and_fast(world: &World, slow: &Receiver, fast: &Receiver) {
    let began = Instant::now();
    world.amina().create_ride_ticket("one");
    slow.wait_for(1);
    create_tickets(world, 9, "more");
    fast.wait_for_within(10, Duration::from_secs(8));
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(slow.messages().len(), 1);
}

#[test]
fn a_response_is_read_only_up_to_its_stored_length() {
    let world = World::start();
    let receiver = Receiver::with_script(|_, _| Reply::With(200, "", vec![b'x'; 8 * 1024 * 1024]));
    add_webhook(&world, &receiver, &[]);
    world.amina().create_ride_ticket("long answer");
    let delivery = wait_for_states(&world, &["delivered"]).remove(0);
    assert_eq!(delivery["lastAttempt"]["answer"].as_str().unwrap().len(), 4_096);
}

#[test]
fn the_status_alone_decides_the_outcome() {
    let world = World::start();
    let odd: &[&[u8]] = &[
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbroken off",
        b"HTTP/1.1 204 No Content\r\nX-Broken",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.0 200 \xff\xfe\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\xff\xfe\x1b\n",
    ];
    let receiver =
        Receiver::with_script(move |number, _| odd.get(number).map_or(Reply::Status(204), |raw| Reply::Raw(raw)));
    add_webhook(&world, &receiver, &[]);
    let count = odd.len() + 1;
    create_tickets(&world, count, "odd answers");
    let delivered = wait_for_states(&world, &vec!["delivered"; count]);
    assert_eq!(receiver.messages().len(), count, "none came twice");
    assert_eq!(delivered[7]["lastAttempt"]["answer"], "\u{fffd}\u{fffd}\u{fffd}\n");
}

#[test]
fn after_a_rotation_both_secrets_sign_and_neither_is_shown_again() {
    let world = World::start();
    let receiver = Receiver::start();
    let old = add_webhook(&world, &receiver, &[]);
    let new = world.run_json(&["webhook", "secret", "rotate", &old["webhookId"].to_string()]);
    assert_ne!(secret(&old), secret(&new));
    world.amina().create_ride_ticket("rotated");
    let message = receiver.wait_for(1).remove(0);
    assert_eq!(message.header("webhook-signature").split(' ').count(), 2);
    assert!(message.is_signed_with(secret(&old)) && message.is_signed_with(secret(&new)));
    wait_for_states(&world, &["delivered"]);
    let shown = [world.run_json(&["webhook", "list"]), world.run_json(&["webhook", "deliveries"])];
    for told in shown.iter().map(ToString::to_string).chain([world.log()]) {
        assert!(!told.contains("whsec_") && !told.contains(&secret(&old)[6..]) && !told.contains(&secret(&new)[6..]));
    }
}

#[test]
fn a_delivery_is_delivered_again_under_the_same_id() {
    let world = World::start();
    let receiver = Receiver::with_script(|number, _| Reply::Status(if number == 0 { 403 } else { 204 }));
    add_webhook(&world, &receiver, &[]);
    world.amina().create_ride_ticket("again");
    let dead = wait_for_states(&world, &["dead"]).remove(0);
    world.run(&["webhook", "redeliver", &dead["deliveryId"].to_string()]);
    let got = receiver.wait_for(2);
    assert_eq!(got[0].header("webhook-id"), got[1].header("webhook-id"));
    wait_for_states(&world, &["delivered"]);
    world.run(&["webhook", "redeliver", &dead["deliveryId"].to_string()]);
    receiver.wait_for(3);
    wait_for_states(&world, &["delivered"]);
    assert_eq!(world.try_run(&["webhook", "redeliver", "999"]).status.code(), Some(1));
    let subject = format!("delivery:{}", dead["deliveryId"]);
    assert_eq!(actions(&world, &subject), ["webhook.redelivered", "webhook.redelivered"]);
    world.run(&["audit", "verify"]);
}

/// Returns the audited actions on a subject, newest first.
pub(crate) fn actions(world: &World, subject: &str) -> Vec<String> {
    let listed = world.run_json(&["audit", "list", "--subject", subject]);
    listed["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_test_message_reports_its_outcome_and_is_not_stored() {
    let world = World::start();
    let receiver = Receiver::with_script(|number, _| match number {
        0 => Reply::Status(204),
        _ => Reply::With(503, "", b"closed".to_vec()),
    });
    let webhook = add_webhook(&world, &receiver, &[]);
    let tried = world.run_json(&["webhook", "test", "1"]);
    assert_eq!((&tried["delivered"], &tried["status"]), (&true.into(), &204.into()));
    let message = receiver.wait_for(1).remove(0);
    assert!(message.is_signed_with(secret(&webhook)));
    assert_eq!(message.json()["event"], "support:webhook_test");
    let output = world.try_run(&["webhook", "test", "1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("closed"));
    assert!(deliveries(&world).is_empty());
}

#[test]
fn removing_a_webhook_removes_its_deliveries() {
    let world = World::start();
    let receiver = Receiver::start();
    add_webhook(&world, &receiver, &[]);
    world.amina().create_ride_ticket("one");
    wait_for_states(&world, &["delivered"]);
    let refused = world.try_run(&["webhook", "remove", "1"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--yes"));
    world.run(&["webhook", "remove", "1", "--yes"]);
    assert!(deliveries(&world).is_empty());
    let other = Receiver::start();
    add_webhook(&world, &other, &[]);
    world.amina().create_ride_ticket("two");
    other.wait_for(1);
    assert_eq!(receiver.messages().len(), 1);
    assert_eq!(world.try_run(&["webhook", "remove", "1", "--yes"]).status.code(), Some(1));
}

#[test]
fn an_invalid_webhook_is_refused_with_its_field() {
    let world = World::start();
    for (arguments, field, word) in [
        (&["ftp://example.com"][..], "url", "URL"),
        (&["https://me:secret@example.com"], "url", "--header"),
        (&["http://127.0.0.1/"], "url", "--allow-private"),
        (&["https://example.com", "--header", "Host: evil"], "header", "host"),
        (&["https://example.com", "--header", "no colon"], "header", "header"),
    ] {
        let output = world.try_run(&[&["webhook", "add", "--format", "json"], arguments].concat());
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert_eq!(error["error"]["code"], "INVALID_WEBHOOK", "{error}");
        assert_eq!(error["error"]["details"][0]["field"], field, "{error}");
        assert!(error["error"]["message"].as_str().unwrap().contains(word), "{error}");
    }
    let unknown = world.try_run(&["webhook", "add", "https://example.com", "--event", "support:lost"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(world.run_json(&["webhook", "list"])["webhooks"].as_array().unwrap().is_empty());
}

#[test]
fn a_name_that_resolves_to_this_machine_is_refused_at_webhook_add() {
    let world = World::start();
    for host in ["localhost", "LOCALHOST"] {
        let output = world.try_run(&["webhook", "add", &format!("http://{host}:9/"), "--format", "json"]);
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!((output.status.code(), &error["error"]["code"]), (Some(2), &"INVALID_WEBHOOK".into()), "{host}");
        assert_eq!(error["error"]["details"][0]["field"], "url", "{error}");
        assert!(error["error"]["message"].as_str().unwrap().contains("--allow-private"), "{error}");
    }
    world.run_json(&["webhook", "add", "http://localhost:9/", "--allow-private"]);
    let unresolved = world.try_run(&["webhook", "add", "https://nowhere.invalid/"]);
    assert!(unresolved.status.success());
    assert!(String::from_utf8_lossy(&unresolved.stderr).contains("nowhere.invalid could not be resolved"));
}

/// Hosts that resolve to this machine or a private network, in any notation.
const PRIVATE: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "0x7f.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0177.1",
    "0177.0.0.01",
    "2130706433",
    "017700000001",
    "0",
    "0.0.0.0",
    "0x0",
    "１２７.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "10.0.0.1",
    "10.1",
    "012.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "192.168.257",
    "0xc0.0xa8.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "169.254.43518",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "198.18.0.1",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[ff02::1]",
    "[100::1]",
];

#[test]
fn an_address_that_is_not_public_is_never_connected_to() {
    assert!(PRIVATE.len() >= 60);
    let world = World::start();
    let receiver = Receiver::start();
    let port = receiver.address.port();
    for host in PRIVATE {
        let output = world.try_run(&["webhook", "add", &format!("http://{host}:{port}/")]);
        assert_eq!(output.status.code(), Some(2), "{host}: {}", String::from_utf8_lossy(&output.stderr));
    }
    // A name without an address is accepted, and a URL written directly into the store is checked all the same.
    world.run_json(&["webhook", "add", &format!("http://nowhere.invalid:{port}/")]);
    let store = rusqlite::Connection::open(world.file()).unwrap();
    for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "[::1]"] {
        store.execute("UPDATE webhooks SET url = ?1", [format!("http://{host}:{port}/")]).unwrap();
        let tried = world.try_run(&["webhook", "test", "1", "--format", "json"]);
        let tried: Value = serde_json::from_slice(&tried.stdout).unwrap();
        assert_eq!(tried["error"], "address_not_public", "{host}");
    }
    world.amina().create_ride_ticket("inside");
    let dead = wait_for_states(&world, &["dead"]).remove(0);
    assert_eq!(dead["lastAttempt"]["error"], "address_not_public");
    assert_eq!(receiver.connection_count(), 0);
}

#[test]
fn a_receiver_behind_tls_needs_a_trusted_authority() {
    let receiver = start_tls();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/keys/ca.crt");
    let world = World::plan().with_arguments(&["--ca", file]).start();
    let port = receiver.address.port();
    world.run_json(&["webhook", "add", &format!("https://localhost:{port}/"), "--allow-private"]);
    // The certificate is not valid for this address.
    world.run_json(&["webhook", "add", &format!("https://127.0.0.2:{port}/"), "--allow-private"]);
    let tries = |arguments: &[&str]| -> Value {
        serde_json::from_slice(&world.try_run(&[&["webhook", "test", "--format", "json"], arguments].concat()).stdout)
            .unwrap()
    };
    assert_eq!(tries(&["1"])["error"], "tls");
    assert_eq!(tries(&["2", "--ca", file])["error"], "tls");
    assert_eq!(tries(&["1", "--ca", file])["status"], 204);
    world.amina().create_ride_ticket("over TLS");
    assert!(receiver.wait_for(2).iter().any(|message| message.json()["event"] == "support:ticket_created"));
}

#[test]
fn a_file_without_an_authority_is_refused_at_the_start() {
    let world = World::start();
    for (file, word) in [("/nowhere/ca.pem", "could not be read"), ("support.db", "no valid certificate")] {
        let output = world.try_run(&["serve", "--bind", "127.0.0.1:0", "--ca", file]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(word), "{file}");
    }
}
