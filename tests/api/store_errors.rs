//! Trouble on our side: the caller is told so in the envelope, nothing is half done, and the reason stays in the log.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use serde_json::json;

use crate::client::Response;
use crate::world::{World, ride_ticket};

/// A failure on our side that tells nothing of its cause.
#[track_caller]
fn is_our_fault(answer: &Response) {
    assert!([500, 503].contains(&answer.status), "{answer}");
    let reason = if answer.status == 503 { "UNAVAILABLE" } else { "INTERNAL" };
    answer.is_refused(answer.status, "SUPPORT_TICKET_FAILED").blames(&[]).tells(reason);
    if answer.status == 503 {
        let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
        assert!(wait > 0, "{answer}");
    }
    for word in ["sql", "constraint", "lock", "busy", "sabotage", "panic", "support.db", "trigger"] {
        assert!(!answer.text().to_ascii_lowercase().contains(word), "{word}: {answer}");
    }
}

#[test]
fn a_write_that_waits_too_long_for_the_store_is_put_off_and_changes_nothing() {
    let world = World::start();
    let lock = world.locks_store();
    let asked = Instant::now();
    thread::scope(|scope| {
        let writes = [
            scope.spawn(|| world.amina().opens(&ride_ticket())),
            scope.spawn(|| world.amina().escalates(1)),
            scope.spawn(|| world.amina().closes(9)),
        ];
        for write in writes {
            // Reading goes on meanwhile.
            world.amina().tracks(1).is_ok();
            world.amina().lists("").is_ok();
            let answer = write.join().unwrap();
            answer.is_refused(503, "SUPPORT_TICKET_FAILED");
            is_our_fault(&answer);
        }
    });
    assert!(asked.elapsed() < Duration::from_secs(7), "{:?}", asked.elapsed());
    drop(lock);
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
    assert_eq!(world.amina().tracks(9).data()["status"], "OPEN");
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
    world.amina().escalates(1).is_ok();
}

#[test]
fn a_write_waits_for_a_store_that_is_held_for_a_moment() {
    let world = World::start();
    let lock = world.locks_store();
    thread::scope(|scope| {
        let write = scope.spawn(|| world.amina().escalates(1));
        for _ in 0..100 {
            world.amina().tracks(1).is_ok();
        }
        assert!(!write.is_finished(), "the store is held");
        drop(lock);
        write.join().unwrap().is_ok();
    });
}

#[test]
fn a_fault_of_our_own_is_a_500_that_bears_its_request_id_and_leaves_its_reason_in_the_log() {
    let sql = "CREATE TRIGGER sabotage BEFORE UPDATE ON tickets BEGIN SELECT raise(IGNORE); END";
    let world = World::plan().sabotaged(sql).start();
    let answer =
        world.amina().asks("POST", "/close").header("X-Request-Id", "lost-1").json(&json!({"ticketId": 1})).send();
    answer.is_refused(500, "SUPPORT_TICKET_FAILED");
    is_our_fault(&answer);
    assert_eq!(answer.header("x-request-id"), Some("lost-1"));
    assert!(world.log_lines("lost-1").iter().any(|line| line.contains("ERROR")), "{}", world.log());
    assert_eq!(world.amina().tracks(1).data()["status"], "OPEN");
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
}

#[test]
fn an_operation_whose_trail_cannot_be_written_is_undone_as_a_whole() {
    for (table, sql) in [
        ("audit", "CREATE TRIGGER sabotage BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'sabotage'); END"),
        ("outbox", "CREATE TRIGGER sabotage BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'sabotage'); END"),
        (
            "notifications",
            "CREATE TRIGGER sabotage BEFORE INSERT ON notifications BEGIN SELECT raise(ABORT, 'sabotage'); END",
        ),
    ] {
        let world = World::plan().sabotaged(sql).start();
        let before = (world.amina().lists("?limit=100").data(), world.inspects(1));
        is_our_fault(&world.amina().opens(&ride_ticket()));
        is_our_fault(&world.amina().escalates(1));
        is_our_fault(&world.amina().closes(1));
        assert_eq!((world.amina().lists("?limit=100").data(), world.inspects(1)), before, "{table}");
        assert_eq!(world.balance(1), (0, "0.00".to_owned()), "{table}");
        world.asks_at("GET", "/readyz").send().is_status(200);
    }
}

#[test]
fn an_operation_stands_where_only_its_award_cannot_be_written() {
    let sql = "CREATE TRIGGER sabotage BEFORE INSERT ON ledger BEGIN SELECT raise(ABORT, 'sabotage'); END";
    let world = World::plan().sabotaged(sql).start();
    for answer in [world.amina().opens(&ride_ticket()), world.amina().escalates(1), world.amina().closes(1)] {
        let error = answer.data()["gamificationError"].clone();
        assert!(error["code"].as_str().is_some_and(|code| !code.is_empty()), "{answer}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
        assert!(!answer.text().contains("sabotage"), "{answer}");
    }
    assert_eq!(world.amina().tracks(1).data()["status"], "CLOSED");
    let history = world.inspects(1)["history"].clone();
    let kinds: Vec<&str> = history.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "event").count(), 2, "{history}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "notification").count(), 6, "{history}");
    assert_eq!(world.balance(1), (0, "0.00".to_owned()));
}

#[test]
fn a_caller_who_is_no_customer_of_the_store_opens_no_ticket() {
    let world = World::start();
    let chloe = world.customer(12);
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false).unwrap();
    store.execute("DELETE FROM customers WHERE id = 12", []).unwrap();
    let mut body = ride_ticket();
    body["rideId"] = 13.into();
    chloe.opens(&body).is_refused(400, "CUSTOMER_NOT_FOUND");
}
