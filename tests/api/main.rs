//! Black-box tests of the HTTP contract: the real executable, one store per test, plain sockets.

#![expect(clippy::unwrap_used, reason = "a test panics where its world is not as it expects")]
#![expect(clippy::disallowed_methods, reason = "a test compares with the clock of the machine and draws signatures")]

mod auth;
mod award_limit;
mod awards;
mod body;
mod check_order;
mod client;
mod client_address;
mod close;
mod concurrency;
mod connections;
mod create;
mod delivery;
mod durability;
mod envelope;
mod escalate;
mod events;
mod executable;
mod file_size;
mod group;
mod health;
mod idempotency;
mod identity;
mod idle_workers;
mod jwks;
mod key_files;
mod limits;
mod list;
mod locale;
mod log;
mod mail;
mod malformed;
mod matrix;
mod metrics;
mod moved_store;
mod notifications;
mod operations;
mod rate_limit;
mod receiver;
mod relay;
mod retention;
mod routes;
mod shutdown;
mod signer;
mod stdio;
mod store_errors;
mod stream;
mod streams;
mod track;
mod unread_body;
mod unread_responses;
mod validation;
mod webhooks;
mod world;
