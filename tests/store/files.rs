//! What file is this: each that is no store of ours is told apart, and keeps its bytes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use support::model::StoreError;
use support::store::sqlite::{MIGRATIONS, Open, Sqlite};
use support::store::{Store, Unit};

use crate::world::{Home, customer, draft, furnish, now, opened, store_error};

/// Every file of a folder with its bytes.
fn bytes(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect()
}

/// Holds both ways of opening to the error, and the folder to its bytes.
fn is_refused(home: &Home, refused: impl Fn(&StoreError) -> bool) {
    let before = bytes(home.folder());
    for how in [Open::Existing, Open::Create] {
        let fault = home.refusal(how);
        assert!(refused(&fault), "{how:?}: {fault:?}");
        assert!(bytes(home.folder()) == before, "{how:?} changed a file");
    }
}

/// A closed store with the world in it.
fn furnished() -> Home {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    let many = |unit: &mut dyn Unit| (0..200).try_for_each(|_| unit.tickets().insert(draft(1, &[2]), now()).map(drop));
    store.write_blocking(many).unwrap();
    store.close();
    home
}

fn foreign(fault: &StoreError) -> bool {
    matches!(fault, StoreError::Foreign(_))
}

fn damaged(fault: &StoreError) -> bool {
    matches!(fault, StoreError::Damaged(_))
}

fn newer(fault: &StoreError) -> bool {
    matches!(fault, StoreError::Newer { found: 99, known, .. } if *known == i64::try_from(MIGRATIONS.len()).unwrap())
}

#[test]
fn a_missing_file_is_reported_and_not_created() {
    let home = Home::new();
    assert_eq!(home.refusal(Open::Existing), StoreError::Missing(home.file().display().to_string().into()));
    assert!(bytes(home.folder()).is_empty());
}

#[test]
fn an_empty_file_is_a_missing_store_until_it_is_created() {
    let home = Home::new();
    fs::write(home.file(), "").unwrap();
    assert!(matches!(home.refusal(Open::Existing), StoreError::Missing(_)));
    fs::set_permissions(home.file(), fs::Permissions::from_mode(0o644)).unwrap();
    furnish(&home.open());
    assert_eq!(fs::metadata(home.file()).unwrap().permissions().mode() & 0o777, 0o600, "its owner's alone from now on");
}

#[test]
fn a_blank_sqlite_file_is_a_missing_store_until_it_is_created() {
    let home = Home::new();
    home.raw_connection().execute_batch("VACUUM").unwrap();
    assert!(!fs::read(home.file()).unwrap().is_empty());
    assert!(matches!(home.refusal(Open::Existing), StoreError::Missing(_)));
    furnish(&home.open());
}

#[test]
fn a_text_file_is_foreign() {
    let home = Home::new();
    for text in ["x", "SQLite format", &"customer,ticket\n".repeat(1_000)] {
        fs::write(home.file(), text).unwrap();
        is_refused(&home, foreign);
    }
}

#[test]
fn a_folder_is_foreign() {
    let home = Home::new();
    fs::create_dir(home.file()).unwrap();
    assert!(foreign(&home.refusal(Open::Existing)) && foreign(&home.refusal(Open::Create)));
}

#[test]
fn another_programs_database_is_foreign() {
    for made in [
        "CREATE TABLE songs (id INTEGER)",
        "PRAGMA application_id = 7; CREATE TABLE songs (id INTEGER)",
        "PRAGMA application_id = 7",
        "PRAGMA user_version = 3",
        "PRAGMA journal_mode = WAL; CREATE TABLE songs (id INTEGER)",
    ] {
        let home = Home::new();
        home.raw_connection().execute_batch(made).unwrap();
        is_refused(&home, foreign);
    }
}

#[test]
fn the_wal_of_another_programs_open_database_is_not_changed() {
    let home = Home::new();
    let other = home.raw_connection();
    other
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE songs (id INTEGER); INSERT INTO songs VALUES (1)")
        .unwrap();
    is_refused(&home, foreign);
}

#[test]
fn a_newer_store_is_rejected() {
    let home = furnished();
    home.raw_connection().execute_batch("PRAGMA user_version = 99").unwrap();
    is_refused(&home, newer);
}

#[test]
fn the_wal_of_a_crashed_newer_store_is_not_changed() {
    let home = furnished();
    let other = home.raw_connection();
    other.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99").unwrap();
    let crashed = Home::new();
    for name in ["support.db", "support.db-wal"] {
        fs::copy(home.folder().join(name), crashed.folder().join(name)).unwrap();
    }
    let before = bytes(crashed.folder());
    assert!(newer(&crashed.refusal(Open::Existing)));
    let after = bytes(crashed.folder());
    // The log's index is beside them now; the store and its log are as they were.
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
}

#[test]
fn a_truncated_store_is_damaged() {
    let home = furnished();
    let whole = fs::read(home.file()).unwrap();
    for length in [whole.len() - 4_096, whole.len() / 2, 4_096, 1_000, 107, 50] {
        fs::write(home.file(), &whole[..length]).unwrap();
        is_refused(&home, damaged);
    }
}

#[test]
fn garbage_in_a_store_is_reported_as_damage() {
    let home = furnished();
    let mut whole = fs::read(home.file()).unwrap();
    whole[4_096..].fill(0xA5);
    fs::write(home.file(), &whole).unwrap();
    // Found at the door or at the first read, never taken for anything else.
    let outcome = Sqlite::open(&home.file(), Open::Existing)
        .and_then(|store| Store::new(store).read_blocking(|unit| unit.customers().find(customer(1))));
    assert!(damaged(&store_error(&outcome.unwrap_err())));
    assert!(fs::read(home.file()).unwrap() == whole);
}

#[test]
fn only_the_owner_can_read_a_store() {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    for name in ["support.db", "support.db-wal", "support.db-shm"] {
        let mode = fs::metadata(home.folder().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn closing_leaves_only_the_database_file() {
    let home = furnished();
    assert_eq!(bytes(home.folder()).len(), 1);
    let store = Store::new(Sqlite::open(&home.file(), Open::Existing).unwrap());
    assert!(store.read_blocking(|unit| unit.customers().find(customer(1))).unwrap().is_some());
    assert_eq!(opened(&store).id.get(), 201);
}

#[test]
fn a_crashed_store_recovers_all_commits() {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    opened(&store);
    let crashed = Home::new();
    for name in ["support.db", "support.db-wal"] {
        fs::copy(home.folder().join(name), crashed.folder().join(name)).unwrap();
    }
    let store = Store::new(Sqlite::open(&crashed.file(), Open::Existing).unwrap());
    assert_eq!(opened(&store).id.get(), 2);
}

#[test]
fn a_path_that_looks_like_a_uri_is_a_path() {
    let home = Home::new();
    let file = home.folder().join("file:support.db?mode=memory");
    drop(Sqlite::open(&file, Open::Create).unwrap());
    assert!(file.is_file());
}

#[test]
fn many_processes_can_create_one_store_concurrently() {
    let home = Home::new();
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                let store = home.open();
                store.write_blocking(|unit| unit.pulse(now())).unwrap();
            });
        }
    });
    let version: i64 = home.raw_connection().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, i64::try_from(MIGRATIONS.len()).unwrap());
    assert_eq!(bytes(home.folder()).len(), 1);
}
