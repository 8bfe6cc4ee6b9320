//! The SQLite backend: one file, any number of readers, one writer that commits for many at once.

mod audit_log;
mod change_notifier;
mod connect;
mod connection;
mod database;
mod deliveries;
mod error;
mod file_check;
mod files;
mod health;
mod idempotency;
mod leases;
mod list;
mod migrate;
mod migrations;
mod people;
mod points;
mod readers;
mod retention;
mod row;
mod search;
mod settings;
mod stale_wal;
mod statement;
mod tickets;
mod tokens;
mod trail;
mod unit;
mod wal;
mod webhooks;
mod writer;

pub use connect::set_up_as_the_product_does;
pub use database::Sqlite;
pub use migrations::MIGRATIONS;
pub use settings::{Open, Settings};
pub(in crate::store) use statement::sql;
