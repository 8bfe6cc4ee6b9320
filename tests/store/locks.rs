//! Locks of other processes, a full queue and a full disk.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use support::model::StoreError;
use support::model::ticket::{Description, NewTicket};
use support::store::Store;
use support::store::sqlite::{Open, Settings};

use crate::world::{Home, customer, draft, furnish, now, opened, store_error};

const SHORT_TIMEOUT: Duration = Duration::from_millis(300);

fn new_store(settings: Settings) -> (Home, Store) {
    let home = Home::new();
    let store = home.open_with(settings).unwrap();
    furnish(&store);
    (home, store)
}

fn pulse(store: &Store) -> Result<(), StoreError> {
    store.write_blocking(|unit| unit.pulse(now())).map_err(|error| store_error(&error))
}

#[test]
fn a_lock_that_is_released_in_time_only_delays_a_write() {
    let (home, store) = new_store(Settings::default());
    let other = home.raw_connection();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let outcome = thread::scope(|scope| {
        let waiting = scope.spawn(|| pulse(&store));
        thread::sleep(SHORT_TIMEOUT);
        other.execute_batch("COMMIT").unwrap();
        waiting.join().unwrap()
    });
    assert_eq!(outcome, Ok(()));
    assert!(started.elapsed() >= SHORT_TIMEOUT);
}

#[test]
fn a_lock_that_is_not_released_is_busy_and_reads_succeed() {
    let (home, store) = new_store(Settings { busy_timeout: SHORT_TIMEOUT, ..Settings::default() });
    let other = home.raw_connection();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let outcomes = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let waiting = futures_util::future::join_all((0..600).map(|_| store.write(|unit| unit.pulse(now()))));
        let reading = async { store.read_blocking(|unit| unit.customers().find(customer(1))).unwrap() };
        let (outcomes, read) = futures_util::future::join(waiting, reading).await;
        assert!(read.is_some());
        outcomes
    });
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|error| store_error(error) == StoreError::Busy)));
    // More jobs than fit into one commit; each fails after its own timeout, not that of the jobs before it.
    assert!(started.elapsed() >= SHORT_TIMEOUT && started.elapsed() < SHORT_TIMEOUT * 5 / 2, "{:?}", started.elapsed());
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(pulse(&store), Ok(()));
}

#[test]
fn an_exclusively_locked_file_is_busy_on_open() {
    let (home, store) = new_store(Settings::default());
    store.close();
    let other = home.raw_connection();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE tickets SET level = 1; COMMIT")
        .unwrap();
    let settings = Settings { busy_timeout: SHORT_TIMEOUT, ..Settings::default() };
    assert_eq!(store_error(&home.open_with(settings).err().unwrap()), StoreError::Busy);
}

#[test]
fn a_full_queue_is_busy_immediately() {
    let (_home, store) = new_store(Settings { queue_capacity: 2, ..Settings::default() });
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let store = &store;
        let holder = scope.spawn(move || {
            store.write_blocking(move |_| {
                begun.send(()).unwrap();
                may_go.recv().unwrap();
                Ok(())
            })
        });
        has_begun.recv().unwrap();
        let waiting: Vec<_> = (0..6).map(|_| scope.spawn(move || pulse(store))).collect();
        // The two that fit into the queue wait for the holder; the other four fail immediately.
        while waiting.iter().filter(|waiting| waiting.is_finished()).count() < 4 {
            thread::yield_now();
        }
        go.send(()).unwrap();
        holder.join().unwrap().unwrap();
        let outcomes: Vec<_> = waiting.into_iter().map(|waiting| waiting.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err(StoreError::Busy)).count(), 4);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 2);
    });
}

#[test]
fn a_full_disk_rejects_only_writes_that_do_not_fit() {
    let home = Home::new();
    furnish(&home.open());
    let pages = home.raw_connection().query_row("PRAGMA page_count", [], |row| row.get::<_, u32>(0)).unwrap() + 4;
    let store = home.open_with(Settings { max_pages: Some(pages), ..Settings::default() }).unwrap();
    let large = NewTicket { description: Description::new(&"é".repeat(5_000)).unwrap(), ..draft(1, &[]) };
    let refusal = (0..20).find_map(|_| {
        let large = large.clone();
        store.write_blocking(move |unit| unit.tickets().insert(large.clone(), now())).err()
    });
    assert_eq!(store_error(&refusal.unwrap()), StoreError::Full);
    assert!(store.read_blocking(|unit| unit.customers().find(customer(1))).unwrap().is_some());
    assert_eq!(pulse(&store), Ok(()));
    drop(store);
    opened(&home.open());
}

#[test]
fn two_stores_of_one_file_write_concurrently() {
    let (home, one) = new_store(Settings::default());
    let other = home.open();
    thread::scope(|scope| {
        for store in [&one, &other] {
            scope.spawn(|| (0..50).for_each(|_| drop(opened(store))));
        }
    });
    assert_eq!(opened(&one).id.get(), 101);
    assert!(other.read_blocking(|unit| unit.tickets().find(crate::world::ticket_id(101))).unwrap().is_some());
}

#[test]
fn opening_an_existing_file_needs_no_write_lock() {
    let (home, store) = new_store(Settings::default());
    store.close();
    let other = home.raw_connection();
    let store = Store::new(support::store::sqlite::Sqlite::open(&home.file(), Open::Existing).unwrap());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.read_blocking(|unit| unit.customers().find(customer(1))).unwrap().is_some());
    let started = Instant::now();
    store.close();
    assert!(started.elapsed() < Duration::from_secs(2));
}
