//! What a store promises: the contract that every backend must pass, and what the SQLite file does beyond it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod audit;
mod closed_lists;
mod contract;
mod displaced;
mod faults;
mod files;
mod locks;
mod log;
mod migrations;
mod news;
mod permissions;
mod read_first;
mod retire;
mod scale;
mod tables;
mod world;

contract::hold_to!(sqlite, crate::world::sqlite);
