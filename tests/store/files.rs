//! Check of the file on open: a file that is not a support store is reported by kind and not changed.

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

/// Returns the files of a folder with their content.
fn bytes(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect()
}

/// Asserts that both modes of opening fail with the error and change no file.
fn assert_rejected(home: &Home, refused: impl Fn(&StoreError) -> bool) {
    let before = bytes(home.folder());
    for how in [Open::Existing, Open::Create] {
        let error = home.refusal(how);
        assert!(refused(&error), "{how:?}: {error:?}");
        assert!(bytes(home.folder()) == before, "{how:?} changed a file");
    }
}

/// Creates a closed store with the test world.
fn new_store() -> Home {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    let many = |unit: &mut dyn Unit| (0..200).try_for_each(|_| unit.tickets().insert(draft(1, &[2]), now()).map(drop));
    store.write_blocking(many).unwrap();
    store.close();
    home
}

fn foreign(error: &StoreError) -> bool {
    matches!(error, StoreError::Foreign(_))
}

fn damaged(error: &StoreError) -> bool {
    matches!(error, StoreError::Damaged(_))
}

fn newer(error: &StoreError) -> bool {
    matches!(error, StoreError::Newer { found: 99, known, .. } if *known == i64::try_from(MIGRATIONS.len()).unwrap())
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
        assert_rejected(&home, foreign);
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
        assert_rejected(&home, foreign);
    }
}

#[test]
fn the_wal_of_another_programs_open_database_is_not_changed() {
    let home = Home::new();
    let other = home.raw_connection();
    other
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE songs (id INTEGER); INSERT INTO songs VALUES (1)")
        .unwrap();
    assert_rejected(&home, foreign);
}

#[test]
fn a_newer_store_is_rejected() {
    let home = new_store();
    home.raw_connection().execute_batch("PRAGMA user_version = 99").unwrap();
    assert_rejected(&home, newer);
}

#[test]
fn the_wal_of_a_crashed_newer_store_is_not_changed() {
    let home = new_store();
    let other = home.raw_connection();
    other.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99").unwrap();
    let crashed = Home::new();
    for name in ["support.db", "support.db-wal"] {
        fs::copy(home.folder().join(name), crashed.folder().join(name)).unwrap();
    }
    let before = bytes(crashed.folder());
    assert!(newer(&crashed.refusal(Open::Existing)));
    let after = bytes(crashed.folder());
    // The WAL index exists now; store and WAL are unchanged.
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
}

#[test]
fn a_truncated_store_is_damaged() {
    let home = new_store();
    let whole = fs::read(home.file()).unwrap();
    for length in [whole.len() - 4_096, whole.len() / 2, 4_096, 1_000, 107, 50] {
        fs::write(home.file(), &whole[..length]).unwrap();
        assert_rejected(&home, damaged);
    }
}

#[test]
fn garbage_in_a_store_is_reported_as_damage() {
    let home = new_store();
    let mut whole = fs::read(home.file()).unwrap();
    whole[4_096..].fill(0xA5);
    fs::write(home.file(), &whole).unwrap();
    // Detected on open or on the first read, always as damage.
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
    let home = new_store();
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
