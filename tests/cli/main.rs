//! Tests of the command-line contract: the real executable in a clean environment, with a new store for each test.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod agent;
mod audit;
mod balance;
mod beside;
mod close;
mod create;
mod csv;
mod docs;
mod doctor;
mod errors;
mod escalate;
mod fixtures;
mod help;
mod hostile;
mod inspect;
mod json;
mod list;
mod locale;
mod notifications;
mod paging;
mod pipes;
mod progress;
mod retention;
mod store_backup;
mod store_check;
mod store_restore;
mod stores;
mod table;
mod terminal;
mod tokens;
mod usage;
mod webhooks;
mod world;
