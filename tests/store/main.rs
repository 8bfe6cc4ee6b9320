//! Tests of the store: the contract of every backend, and the behaviour of the SQLite backend beyond it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod audit;
mod changes;
mod closed_lists;
mod contract;
mod displaced;
mod faults;
mod files;
mod locks;
mod migrations;
mod permissions;
mod read_first;
mod retention;
mod scale;
mod tables;
mod wal;
mod world;

contract::hold_to!(sqlite, crate::world::sqlite);
