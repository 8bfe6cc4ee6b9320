//! Stores that come from an earlier version.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;

use rusqlite::Connection;
use support::model::StoreFault;
use support::model::page::{Filter, Sort};
use support::model::words::Words;
use support::store::sqlite::{MIGRATIONS, Settings};

use crate::world::{Home, fault, furnish, opened, page};

/// The settings of a program that knows these further steps.
fn later(steps: &[&'static str]) -> Settings {
    let migrations = MIGRATIONS.iter().chain(steps).copied().collect();
    Settings { migrations, ..Settings::default() }
}

const ONE_MORE: &str = "CREATE TABLE visits (id INTEGER PRIMARY KEY) STRICT; UPDATE tickets SET level = 2;";

/// A closed store of today's version with one ticket in it.
fn furnished() -> Home {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    opened(&store);
    store.close();
    home
}

fn copy_of(home: &Home) -> PathBuf {
    home.folder().join(format!("support.db.v{}.bak", MIGRATIONS.len()))
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn version(home: &Home) -> i64 {
    number(&home.past(), "PRAGMA user_version")
}

fn today() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap()
}

#[test]
fn a_migration_keeps_a_copy_of_the_store_as_it_was() {
    let home = furnished();
    home.open_with(later(&[ONE_MORE])).unwrap().close();
    assert_eq!(version(&home), today() + 1);
    assert_eq!(number(&home.past(), "SELECT level FROM tickets"), 2);
    let copy = Connection::open(copy_of(&home)).unwrap();
    assert_eq!(number(&copy, "PRAGMA user_version"), today());
    assert_eq!(number(&copy, "SELECT level FROM tickets"), 1);
    assert_eq!(fs::metadata(copy_of(&home)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_copy_is_a_store_of_the_earlier_version() {
    let home = furnished();
    home.open_with(later(&[ONE_MORE])).unwrap().close();
    fs::rename(copy_of(&home), home.file()).unwrap();
    assert_eq!(opened(&home.open()).id.get(), 2);
}

#[test]
fn a_copy_that_is_there_stays() {
    let home = furnished();
    fs::write(copy_of(&home), "kept by hand").unwrap();
    home.open_with(later(&[ONE_MORE])).unwrap().close();
    assert_eq!(fs::read(copy_of(&home)).unwrap(), b"kept by hand");
}

#[test]
fn a_copy_that_a_crash_left_half_written_is_made_again() {
    let home = furnished();
    let part = home.folder().join(format!("support.db.v{}.bak-part", MIGRATIONS.len()));
    fs::write(&part, "half").unwrap();
    home.open_with(later(&[ONE_MORE])).unwrap().close();
    assert!(!part.exists());
    assert_eq!(number(&Connection::open(copy_of(&home)).unwrap(), "SELECT count(*) FROM tickets"), 1);
}

#[test]
fn a_new_store_has_no_copy() {
    let home = furnished();
    assert_eq!(fs::read_dir(home.folder()).unwrap().count(), 1);
}

#[test]
fn a_migration_that_fails_leaves_the_store_as_it_was() {
    let home = furnished();
    let before = fs::read(home.file()).unwrap();
    let wrong = "INSERT INTO tickets (id) VALUES (1);";
    let refusal = home.open_with(later(&[ONE_MORE, wrong])).err().unwrap();
    assert_eq!(fault(&refusal), StoreFault::Failed);
    assert!(fs::read(home.file()).unwrap() == before);
    assert_eq!(version(&home), today());
    assert_eq!(opened(&home.open()).id.get(), 2);
}

#[test]
fn a_first_migration_that_fails_leaves_no_half_store() {
    let home = Home::new();
    let settings = Settings { migrations: vec![MIGRATIONS[0], "CREATE nonsense"], ..Settings::default() };
    assert!(home.open_with(settings).is_err());
    furnish(&home.open());
}

#[test]
fn an_up_to_date_store_opens_beside_a_writer() {
    let home = furnished();
    let other = home.past();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let store = home.open();
    assert!(store.read(|unit| unit.tickets().find(crate::world::ticket_id(1))).unwrap().is_some());
}

#[test]
fn many_may_migrate_one_store_at_once() {
    let home = furnished();
    let start = Barrier::new(6);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                start.wait();
                home.open_with(later(&[ONE_MORE])).unwrap();
            });
        }
    });
    assert_eq!(version(&home), today() + 1);
    assert_eq!(number(&Connection::open(copy_of(&home)).unwrap(), "SELECT level FROM tickets"), 1);
}

/// A furnished store of the version before the step that holds this statement.
fn furnished_before(statement: &str) -> Home {
    let home = Home::new();
    let before = MIGRATIONS.iter().position(|step| step.contains(statement)).unwrap();
    let migrations = MIGRATIONS[..before].to_vec();
    let store = home.open_with(Settings { migrations, ..Settings::default() }).unwrap();
    furnish(&store);
    store.close();
    home
}

#[test]
fn events_of_an_earlier_version_find_their_audience() {
    let home = furnished_before("CREATE TABLE event_audience");
    home.past()
        .execute_batch(
            "INSERT INTO tickets (id, version, customer_id, service, issue, description, ride_id, status, level, created_at, updated_at)
             VALUES (1, 1, 1, 'ride', 'OTHER', 'late', 1, 'OPEN', 1, 0, 0), (2, 1, 2, 'ride', 'OTHER', 'late', 1, 'OPEN', 1, 0, 0);
             INSERT INTO ticket_members VALUES (1, 0, 3, 0), (1, 1, 2, 0);
             INSERT INTO audit (action, subject_kind, subject_id, actor_kind, actor_id, at, status, level, hash)
             VALUES ('ticket.created', 'ticket', 1, 'customer', 1, 0, 'OPEN', 1, zeroblob(32));
             INSERT INTO outbox (audit_id, name, ticket_id, at, data)
             VALUES (1, 'support:ticket_created', 1, 0, '{}'), (1, 'support:ticket_created', 2, 0, '{}');",
        )
        .unwrap();
    let store = home.open();
    let numbers = |of: i64| {
        let events = store.read(|unit| unit.trail().events_of(crate::world::customer(of), 0, 10)).unwrap();
        events.iter().map(|event| event.sequence).collect::<Vec<_>>()
    };
    assert_eq!([1, 2, 3, 4].map(numbers), [vec![1], vec![1, 2], vec![1], vec![]]);
}

#[test]
fn tickets_of_an_earlier_version_are_found_by_their_words() {
    let home = furnished_before("CREATE VIRTUAL TABLE ticket_words");
    home.past()
        .execute_batch(
            "INSERT INTO tickets (id, version, customer_id, service, issue, description, ride_id, status, level, created_at, updated_at)
             VALUES (1, 1, 1, 'ride', 'OTHER', 'Trop tard, encore', 1, 'OPEN', 1, 0, 0), (300, 1, 2, 'ride', 'OTHER', '又迟到了', 1, 'OPEN', 3, 0, 0);",
        )
        .unwrap();
    let store = home.open();
    opened(&store);
    let found = |words: &str, sort| {
        let filter = Filter { search: Words::parse(words), ..Filter::default() };
        let rows = store.read(|unit| unit.tickets().list(&filter, page(5, sort))).unwrap();
        rows.iter().map(|(_, shown)| shown.ticket.id.get()).collect::<Vec<_>>()
    };
    for sort in Sort::ALL {
        assert_eq!([found("encore", *sort), found("迟到", *sort), found("twice", *sort)], [[1], [300], [301]]);
    }
    let top = Filter { levels: vec![support::model::Level::TOP], ..Filter::default() };
    let rows = store.read(|unit| unit.tickets().list(&top, page(5, Sort::Level))).unwrap();
    assert_eq!(rows[0].1.ticket.id.get(), 300);
    let wrong = number(&home.past(), "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'");
    assert_eq!(wrong, 0);
}
