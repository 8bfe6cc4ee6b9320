//! The write-ahead log stays short while readers overlap, and streams do not prevent checkpoints.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::store::Store;
use support::store::sqlite::Settings;

use crate::world::{Home, customer, furnish, opened_by};

const MIB: u64 = 1024 * 1024;

fn new_store(wal_limit: u64) -> (Home, Store) {
    let home = Home::new();
    let store = home.open_with(Settings { wal_limit, ..Settings::default() }).unwrap();
    furnish(&store);
    (home, store)
}

fn size(home: &Home) -> u64 {
    fs::metadata(home.folder().join("support.db-wal")).map_or(0, |wal| wal.len())
}

/// Runs writers and readers for a time. Returns the maximum size of the WAL and the number of tickets opened.
fn run_load(home: &Home, store: &Store, time: Duration) -> (u64, u64) {
    let (over, tickets) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut longest = 0;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    opened_by(store, 1, &[2, 3]);
                    tickets.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Each reader holds its snapshot for a while, and overlaps the next.
        for delay in [0, 7, 13] {
            let over = &over;
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(delay));
                while !over.load(Ordering::Relaxed) {
                    store
                        .read_blocking(|unit| {
                            unit.customers().find(customer(1))?;
                            thread::sleep(Duration::from_millis(20));
                            unit.customers().find(customer(2))
                        })
                        .unwrap();
                }
            });
        }
        let end = Instant::now() + time;
        while Instant::now() < end {
            longest = longest.max(size(home));
            thread::sleep(Duration::from_millis(2));
        }
        over.store(true, Ordering::Relaxed);
    });
    (longest, tickets.into_inner())
}

#[test]
fn the_wal_stays_short_while_readers_overlap() {
    let (home, store) = new_store(MIB);
    let (longest, tickets) = run_load(&home, &store, Duration::from_secs(4));
    let written = fs::metadata(home.file()).unwrap().len() + size(&home);
    println!("{tickets} tickets, the WAL at most {longest} bytes, the store {written}");
    assert!(longest >= MIB, "the test is blind: the WAL was never longer than {longest} bytes");
    assert!(longest < 4 * MIB, "the WAL was {longest} bytes long");
}

#[test]
fn the_wal_is_truncated_after_a_long_reader() {
    let (home, store) = new_store(MIB / 2);
    let (reading, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let longest = thread::scope(|scope| {
        scope.spawn(|| {
            store
                .read_blocking(|unit| {
                    unit.customers().find(customer(1))?;
                    reading.store(true, Ordering::SeqCst);
                    while !done.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(1));
                    }
                    Ok(())
                })
                .unwrap();
        });
        while !reading.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        let end = Instant::now() + Duration::from_secs(20);
        while size(&home) < 2 * MIB && Instant::now() < end {
            opened_by(&store, 1, &[2, 3]);
        }
        let longest = size(&home);
        done.store(true, Ordering::SeqCst);
        longest
    });
    assert!(longest >= 2 * MIB, "what a reader reads is kept for it");
    let end = Instant::now() + Duration::from_secs(20);
    while size(&home) > MIB && Instant::now() < end {
        opened_by(&store, 1, &[]);
    }
    assert!(size(&home) <= MIB, "the WAL is still {} bytes long", size(&home));
}
