//! Notification of changes, including commits of other processes, for which SQLite has no callback.

use std::time::{Duration, Instant};

use crate::contract::outbox::changes_within;
use crate::world::{Home, furnish, opened};

#[test]
fn a_commit_of_another_process_notifies_within_a_second() {
    let home = Home::new();
    let (store, other) = (home.open(), home.open());
    furnish(&store);
    let mut changes = store.changes();
    changes_within(&mut changes, Duration::from_millis(300));
    for _ in 0..5 {
        opened(&other);
        let committed = Instant::now();
        assert!(changes_within(&mut changes, Duration::from_secs(1)), "{:?}", committed.elapsed());
    }
    assert!(!changes_within(&mut changes, Duration::from_millis(300)), "no further notification without a commit");
}

#[test]
fn a_store_without_writes_notifies_of_other_processes_commits() {
    let home = Home::new();
    furnish(&home.open());
    let (store, other) = (home.open(), home.open());
    let mut changes = store.changes();
    changes_within(&mut changes, Duration::from_millis(300));
    opened(&other);
    assert!(changes_within(&mut changes, Duration::from_secs(1)));
}

#[test]
fn every_receiver_is_notified_of_changes() {
    let home = Home::new();
    let (store, other) = (home.open(), home.open());
    furnish(&store);
    drop(store.changes());
    std::thread::sleep(Duration::from_millis(250));
    let (mut one, mut two) = (store.changes(), store.changes());
    for changes in [&mut one, &mut two] {
        changes_within(changes, Duration::from_millis(300));
    }
    opened(&other);
    assert!(changes_within(&mut one, Duration::from_secs(1)) && changes_within(&mut two, Duration::from_secs(1)));
}

#[test]
fn changes_are_notified_while_another_process_holds_the_lock() {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    let mut changes = store.changes();
    changes_within(&mut changes, Duration::from_millis(300));
    let raw = home.raw_connection();
    raw.execute_batch("BEGIN IMMEDIATE; UPDATE customers SET name = 'Amina D.' WHERE id = 1").unwrap();
    assert!(!changes_within(&mut changes, Duration::from_millis(300)), "no notification before the commit");
    raw.execute_batch("COMMIT").unwrap();
    assert!(changes_within(&mut changes, Duration::from_secs(1)));
}
