//! Internal errors: the envelope, the rollback, and the cause in the log.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use serde_json::json;

use crate::client::Response;
use crate::world::{World, ride_ticket};

/// Asserts an internal error that does not disclose its cause.
#[track_caller]
fn assert_internal_error(answer: &Response) {
    assert!([500, 503].contains(&answer.status), "{answer}");
    let reason = if answer.status == 503 { "UNAVAILABLE" } else { "INTERNAL" };
    answer.assert_refused(answer.status, "SUPPORT_TICKET_FAILED").assert_fields(&[]).assert_reason(reason);
    if answer.status == 503 {
        let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
        assert!(wait > 0, "{answer}");
    }
    for word in ["sql", "constraint", "lock", "busy", "sabotage", "panic", "support.db", "trigger"] {
        assert!(!answer.text().to_ascii_lowercase().contains(word), "{word}: {answer}");
    }
}

#[test]
fn a_write_that_waits_too_long_for_the_store_is_refused_and_changes_nothing() {
    let world = World::start();
    let lock = world.lock_store();
    let asked = Instant::now();
    thread::scope(|scope| {
        let writes = [
            scope.spawn(|| world.amina().create(&ride_ticket())),
            scope.spawn(|| world.amina().escalate(1)),
            scope.spawn(|| world.amina().close(9)),
        ];
        for write in writes {
            // Reads succeed meanwhile.
            world.amina().track(1).assert_ok();
            world.amina().list("").assert_ok();
            let answer = write.join().unwrap();
            answer.assert_refused(503, "SUPPORT_TICKET_FAILED");
            assert_internal_error(&answer);
        }
    });
    assert!(asked.elapsed() < Duration::from_secs(7), "{:?}", asked.elapsed());
    drop(lock);
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
    assert_eq!(world.amina().track(9).data()["status"], "OPEN");
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
    world.amina().escalate(1).assert_ok();
}

#[test]
fn a_write_waits_for_a_briefly_locked_store() {
    let world = World::start();
    let lock = world.lock_store();
    thread::scope(|scope| {
        let write = scope.spawn(|| world.amina().escalate(1));
        for _ in 0..100 {
            world.amina().track(1).assert_ok();
        }
        assert!(!write.is_finished(), "the store is held");
        drop(lock);
        write.join().unwrap().assert_ok();
    });
}

#[test]
fn an_internal_error_is_a_500_with_its_request_id_and_its_cause_in_the_log() {
    let sql = "CREATE TRIGGER sabotage BEFORE UPDATE ON tickets BEGIN SELECT raise(IGNORE); END";
    let world = World::plan().with_sql(sql).start();
    let answer =
        world.amina().request("POST", "/close").header("X-Request-Id", "lost-1").json(&json!({"ticketId": 1})).send();
    answer.assert_refused(500, "SUPPORT_TICKET_FAILED");
    assert_internal_error(&answer);
    assert_eq!(answer.header("x-request-id"), Some("lost-1"));
    assert!(world.log_lines("lost-1").iter().any(|line| line.contains("ERROR")), "{}", world.log());
    assert_eq!(world.amina().track(1).data()["status"], "OPEN");
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
}

#[test]
fn an_operation_whose_effects_cannot_be_written_is_rolled_back() {
    for (table, sql) in [
        ("audit", "CREATE TRIGGER sabotage BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'sabotage'); END"),
        ("outbox", "CREATE TRIGGER sabotage BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'sabotage'); END"),
        (
            "notifications",
            "CREATE TRIGGER sabotage BEFORE INSERT ON notifications BEGIN SELECT raise(ABORT, 'sabotage'); END",
        ),
    ] {
        let world = World::plan().with_sql(sql).start();
        let before = (world.amina().list("?limit=100").data(), world.inspect_ticket(1));
        assert_internal_error(&world.amina().create(&ride_ticket()));
        assert_internal_error(&world.amina().escalate(1));
        assert_internal_error(&world.amina().close(1));
        assert_eq!((world.amina().list("?limit=100").data(), world.inspect_ticket(1)), before, "{table}");
        assert_eq!(world.balance(1), (0, "0.00".to_owned()), "{table}");
        world.request_to("GET", "/readyz").send().assert_status(200);
    }
}

#[test]
fn an_operation_whose_award_cannot_be_written_succeeds() {
    let sql = "CREATE TRIGGER sabotage BEFORE INSERT ON ledger BEGIN SELECT raise(ABORT, 'sabotage'); END";
    let world = World::plan().with_sql(sql).start();
    for answer in [world.amina().create(&ride_ticket()), world.amina().escalate(1), world.amina().close(1)] {
        let error = answer.data()["gamificationError"].clone();
        assert!(error["code"].as_str().is_some_and(|code| !code.is_empty()), "{answer}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
        assert!(!answer.text().contains("sabotage"), "{answer}");
    }
    assert_eq!(world.amina().track(1).data()["status"], "CLOSED");
    let history = world.inspect_ticket(1)["history"].clone();
    let kinds: Vec<&str> = history.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "event").count(), 2, "{history}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "notification").count(), 6, "{history}");
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
}

#[test]
fn a_caller_unknown_to_the_store_cannot_create_a_ticket() {
    let world = World::start();
    let chloe = world.customer(12);
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false).unwrap();
    store.execute("DELETE FROM customers WHERE id = 12", []).unwrap();
    let mut body = ride_ticket();
    body["rideId"] = 13.into();
    chloe.create(&body).assert_refused(400, "CUSTOMER_NOT_FOUND");
}
