//! Migration of stores of earlier versions.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;

use rusqlite::Connection;
use support::model::StoreError;
use support::store::sqlite::{MIGRATIONS, Settings};

use crate::world::{Home, furnish, opened, store_error};

/// Returns the settings of a program with these further migrations.
fn settings_with_migrations(steps: &[&'static str]) -> Settings {
    let migrations = MIGRATIONS.iter().chain(steps).copied().collect();
    Settings { migrations, ..Settings::default() }
}

const NEXT_MIGRATION: &str = "CREATE TABLE visits (id INTEGER PRIMARY KEY) STRICT; UPDATE tickets SET level = 2;";

/// Creates a closed store of the current version with one ticket.
fn new_store() -> Home {
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
    number(&home.raw_connection(), "PRAGMA user_version")
}

fn current_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap()
}

#[test]
fn a_migration_copies_the_store_first() {
    let home = new_store();
    home.open_with(settings_with_migrations(&[NEXT_MIGRATION])).unwrap().close();
    assert_eq!(version(&home), current_version() + 1);
    assert_eq!(number(&home.raw_connection(), "SELECT level FROM tickets"), 2);
    let copy = Connection::open(copy_of(&home)).unwrap();
    assert_eq!(number(&copy, "PRAGMA user_version"), current_version());
    assert_eq!(number(&copy, "SELECT level FROM tickets"), 1);
    assert_eq!(fs::metadata(copy_of(&home)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_copy_is_a_store_of_the_earlier_version() {
    let home = new_store();
    home.open_with(settings_with_migrations(&[NEXT_MIGRATION])).unwrap().close();
    fs::rename(copy_of(&home), home.file()).unwrap();
    assert_eq!(opened(&home.open()).id.get(), 2);
}

#[test]
fn an_existing_copy_is_kept() {
    let home = new_store();
    fs::write(copy_of(&home), "kept by hand").unwrap();
    home.open_with(settings_with_migrations(&[NEXT_MIGRATION])).unwrap().close();
    assert_eq!(fs::read(copy_of(&home)).unwrap(), b"kept by hand");
}

#[test]
fn a_partial_copy_is_replaced() {
    let home = new_store();
    let part = home.folder().join(format!("support.db.v{}.bak-part", MIGRATIONS.len()));
    fs::write(&part, "half").unwrap();
    home.open_with(settings_with_migrations(&[NEXT_MIGRATION])).unwrap().close();
    assert!(!part.exists());
    assert_eq!(number(&Connection::open(copy_of(&home)).unwrap(), "SELECT count(*) FROM tickets"), 1);
}

#[test]
fn a_new_store_has_no_copy() {
    let home = new_store();
    assert_eq!(fs::read_dir(home.folder()).unwrap().count(), 1);
}

#[test]
fn a_failed_migration_does_not_change_the_store() {
    let home = new_store();
    let before = fs::read(home.file()).unwrap();
    let wrong = "INSERT INTO tickets (id) VALUES (1);";
    let refusal = home.open_with(settings_with_migrations(&[NEXT_MIGRATION, wrong])).err().unwrap();
    assert_eq!(store_error(&refusal), StoreError::Failed);
    assert!(fs::read(home.file()).unwrap() == before);
    assert_eq!(version(&home), current_version());
    assert_eq!(opened(&home.open()).id.get(), 2);
}

#[test]
fn a_failed_first_migration_leaves_no_partial_store() {
    let home = Home::new();
    let settings = Settings { migrations: vec![MIGRATIONS[0], "CREATE nonsense"], ..Settings::default() };
    assert!(home.open_with(settings).is_err());
    furnish(&home.open());
}

#[test]
fn an_up_to_date_store_opens_beside_a_writer() {
    let home = new_store();
    let other = home.raw_connection();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let store = home.open();
    assert!(store.read_blocking(|unit| unit.tickets().find(crate::world::ticket_id(1))).unwrap().is_some());
}

#[test]
fn many_processes_can_migrate_one_store_concurrently() {
    let home = new_store();
    let start = Barrier::new(6);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                start.wait();
                home.open_with(settings_with_migrations(&[NEXT_MIGRATION])).unwrap();
            });
        }
    });
    assert_eq!(version(&home), current_version() + 1);
    assert_eq!(number(&Connection::open(copy_of(&home)).unwrap(), "SELECT level FROM tickets"), 1);
}
