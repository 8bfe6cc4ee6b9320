//! Files that are removed, truncated or replaced while the store is open: no write succeeds that others cannot read.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;

use support::model::{Error, StoreError};
use support::store::Store;
use support::store::sqlite::{Open, Sqlite};

use crate::world::{Home, draft, furnish, now, store_error, ticket_id};

fn wal(home: &Home) -> PathBuf {
    home.folder().join("support.db-wal")
}

fn shm(home: &Home) -> PathBuf {
    home.folder().join("support.db-shm")
}

fn open_ticket(store: &Store) -> Result<i64, Error> {
    store.write_blocking(|unit| unit.tickets().insert(draft(1, &[]), now())).map(|ticket| ticket.id.get())
}

/// Asserts that the store was rejected because of the file with this suffix.
fn assert_displaced<T: std::fmt::Debug>(done: Result<T, Error>, ending: &str) {
    match store_error(&done.expect_err("taken")) {
        StoreError::Displaced(file) => assert!(file.as_str().ends_with(ending), "{file}, not {ending}"),
        other => panic!("{other:?}"),
    }
}

/// Returns the number of tickets in a copy of the files as a crash at this moment leaves them.
fn tickets_after_crash(home: &Home) -> i64 {
    let crashed = Home::new();
    for name in ["support.db", "support.db-wal"] {
        // The WAL may be missing.
        let _ = fs::copy(home.folder().join(name), crashed.folder().join(name));
    }
    let count = "SELECT count(*) FROM tickets";
    drop(Sqlite::open(&crashed.file(), Open::Existing).unwrap());
    crashed.raw_connection().query_row(count, [], |row| row.get(0)).unwrap()
}

fn with_a_ticket() -> (Home, Store) {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    assert_eq!(open_ticket(&store).unwrap(), 1);
    (home, store)
}

#[test]
fn commits_before_and_after_a_loss_of_wal_or_index_survive_a_crash() {
    type Way = (&'static str, fn(&Home));
    let ways: [Way; 6] = [
        ("WAL removed", |home| fs::remove_file(wal(home)).unwrap()),
        ("WAL moved", |home| fs::rename(wal(home), home.folder().join("away")).unwrap()),
        ("WAL replaced by an empty file", |home| {
            fs::remove_file(wal(home)).unwrap();
            fs::write(wal(home), "").unwrap();
        }),
        ("index removed", |home| fs::remove_file(shm(home)).unwrap()),
        ("index replaced", |home| {
            fs::remove_file(shm(home)).unwrap();
            fs::write(shm(home), vec![0; 32_768]).unwrap();
        }),
        ("both removed", |home| {
            fs::remove_file(wal(home)).unwrap();
            fs::remove_file(shm(home)).unwrap();
        }),
    ];
    for (way, displace) in ways {
        let (home, store) = with_a_ticket();
        displace(&home);
        let answered = 1 + (0..5).filter(|_| open_ticket(&store).is_ok()).count();
        assert_eq!(tickets_after_crash(&home), i64::try_from(answered).unwrap(), "{way}");
        assert_eq!(answered, 6, "{way}: nobody else had it open, so it was reopened");
        assert!(store.read_blocking(|unit| unit.tickets().find(ticket_id(6))).unwrap().is_some(), "{way}");
        store.close();
        assert_eq!(tickets_after_crash(&home), 6, "{way}");
    }
}

#[test]
fn another_wal_at_the_path_is_not_changed_and_blocks_writes_until_it_is_removed() {
    let (other, _keep) = with_a_ticket();
    let (home, store) = with_a_ticket();
    assert!(store.read_blocking(|unit| unit.tickets().find(ticket_id(1))).unwrap().is_some());
    fs::remove_file(wal(&home)).unwrap();
    fs::copy(wal(&other), wal(&home)).unwrap();
    let foreign = fs::read(wal(&home)).unwrap();
    for _ in 0..3 {
        assert_displaced(open_ticket(&store), "-wal");
    }
    assert!(store.read_blocking(|unit| unit.tickets().find(ticket_id(1))).unwrap().is_some(), "reads go on");
    assert!(fs::read(wal(&home)).unwrap() == foreign);
    fs::remove_file(wal(&home)).unwrap();
    assert_eq!(open_ticket(&store).unwrap(), 2);
    assert_eq!(tickets_after_crash(&home), 2);
}

#[test]
fn a_truncated_wal_blocks_writes_until_the_store_is_reopened() {
    for left in [0, 32, 4_096, 10_000] {
        let (home, store) = with_a_ticket();
        OpenOptions::new().write(true).open(wal(&home)).unwrap().set_len(left).unwrap();
        for _ in 0..3 {
            assert_displaced(open_ticket(&store), "-wal");
        }
        let database = fs::read(home.file()).unwrap();
        store.close();
        assert!(fs::read(home.file()).unwrap() == database, "a truncated WAL is not applied to the database");
    }
}

#[test]
fn a_wal_truncated_after_a_full_checkpoint_loses_nothing() {
    let (home, store) = with_a_ticket();
    home.raw_connection().query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(())).unwrap();
    OpenOptions::new().write(true).open(wal(&home)).unwrap().set_len(0).unwrap();
    assert_eq!(open_ticket(&store).unwrap(), 2);
    assert_eq!(tickets_after_crash(&home), 2);
}

#[test]
fn a_wal_that_is_put_back_is_used_again() {
    let (home, store) = with_a_ticket();
    let whole = fs::read(wal(&home)).unwrap();
    fs::write(wal(&home), "").unwrap();
    assert_displaced(open_ticket(&store), "-wal");
    fs::write(wal(&home), whole).unwrap();
    assert_eq!(open_ticket(&store).unwrap(), 2);
    assert_eq!(tickets_after_crash(&home), 2);
}

#[test]
fn a_store_with_a_displaced_wal_cannot_be_opened_again() {
    for file in [wal, shm] {
        let (home, store) = with_a_ticket();
        fs::remove_file(file(&home)).unwrap();
        let before = fs::read(home.file()).unwrap();
        let ending = file(&home).extension().unwrap().to_str().unwrap()[2..].to_owned();
        assert_displaced(Sqlite::open(&home.file(), Open::Existing).map(drop), &ending);
        assert!(fs::read(home.file()).unwrap() == before);
        // The one that has it open checkpoints it, and then the store can be opened again.
        assert_eq!(open_ticket(&store).unwrap(), 2);
        let other = home.open();
        assert_eq!(open_ticket(&other).unwrap(), 3);
        assert_eq!(open_ticket(&store).unwrap(), 4);
    }
}

#[test]
fn two_stores_with_a_removed_wal_write_nothing_until_one_is_closed() {
    let (home, one) = with_a_ticket();
    let other = home.open();
    assert_eq!(open_ticket(&other).unwrap(), 2);
    fs::remove_file(wal(&home)).unwrap();
    assert_displaced(open_ticket(&one), "-wal");
    assert_displaced(open_ticket(&other), "-wal");
    other.close();
    assert_eq!(open_ticket(&one).unwrap(), 3);
    assert_eq!(tickets_after_crash(&home), 3);
}

#[test]
fn a_hard_link_to_an_open_store_is_rejected_and_a_symbolic_link_is_accepted() {
    let (home, store) = with_a_ticket();
    let name = home.folder().join("link.db");
    fs::hard_link(home.file(), &name).unwrap();
    assert_displaced(Sqlite::open(&name, Open::Existing).map(drop), "link.db-wal");
    assert!(!home.folder().join("link.db-wal").exists());
    fs::remove_file(&name).unwrap();
    std::os::unix::fs::symlink(home.file(), &name).unwrap();
    let other = Store::new(Sqlite::open(&name, Open::Existing).unwrap());
    assert_eq!(open_ticket(&other).unwrap(), 2);
    assert_eq!(open_ticket(&store).unwrap(), 3);
}

#[test]
fn a_moved_database_is_not_a_second_store_at_its_new_path() {
    let (home, store) = with_a_ticket();
    let away = home.folder().join("away.db");
    fs::rename(home.file(), &away).unwrap();
    assert_displaced(Sqlite::open(&away, Open::Existing).map(drop), "away.db-wal");
    fs::rename(&away, home.file()).unwrap();
    assert_eq!(open_ticket(&store).unwrap(), 2);
}

#[test]
fn a_truncated_wal_index_is_rebuilt() {
    let (home, store) = with_a_ticket();
    // Only the writer maps it now, and checks it before it reads.
    OpenOptions::new().write(true).open(shm(&home)).unwrap().set_len(0).unwrap();
    assert_eq!(open_ticket(&store).unwrap(), 2);
    assert_eq!(tickets_after_crash(&home), 2);
}

/// Opens tickets by the use case, each with an audit entry.
fn open_tickets_with_entries(store: &Store, count: usize) {
    for _ in 0..count {
        crate::world::opened(store);
    }
}

/// Replaces the database of a crashed store by a copy, and leaves the WAL beside it.
fn with_stale_wal(copy: &Home, crashed: &Home) -> Home {
    let home = Home::new();
    fs::copy(copy.file(), home.file()).unwrap();
    fs::copy(wal(crashed), wal(&home)).unwrap();
    home
}

#[test]
fn a_stale_wal_is_not_applied_to_a_copy() {
    let earlier = Home::new();
    let store = earlier.open();
    furnish(&store);
    open_tickets_with_entries(&store, 3);
    store.close();
    // The store is used after the copy, closed, and crashes with the WAL of its third run.
    let home = Home::new();
    fs::copy(earlier.file(), home.file()).unwrap();
    let store = home.open();
    open_tickets_with_entries(&store, 3);
    store.close();
    let middle = Home::new();
    fs::copy(home.file(), middle.file()).unwrap();
    let store = home.open();
    open_tickets_with_entries(&store, 3);
    let another = Home::new();
    let other = another.open();
    furnish(&other);
    open_tickets_with_entries(&other, 20);
    other.close();
    for (what, copy) in [("an earlier run", &earlier), ("another store", &another)] {
        let restored = with_stale_wal(copy, &home);
        let before = (fs::read(restored.file()).unwrap(), fs::read(wal(&restored)).unwrap());
        for how in [Open::Existing, Open::Create] {
            assert!(matches!(restored.refusal(how), StoreError::StaleWal { .. }), "{what}");
        }
        assert!(before == (fs::read(restored.file()).unwrap(), fs::read(wal(&restored)).unwrap()), "{what}");
        fs::remove_file(wal(&restored)).unwrap();
        drop(Sqlite::open(&restored.file(), Open::Existing).unwrap());
    }
    // The original database with its WAL is a crashed store, whatever its path.
    let crashed = with_stale_wal(&middle, &home);
    let store = Store::new(Sqlite::open(&crashed.file(), Open::Existing).unwrap());
    assert!(store.read_blocking(|unit| unit.tickets().find(ticket_id(9))).unwrap().is_some());
}

#[test]
fn a_store_that_crashed_during_a_checkpoint_recovers() {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    for _ in 0..4 {
        open_tickets_with_entries(&store, 5);
        home.raw_connection().query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        open_tickets_with_entries(&store, 5);
        let crashed = with_stale_wal(&home, &home);
        drop(Sqlite::open(&crashed.file(), Open::Existing).unwrap());
    }
}
