//! The HTTP contract, held from outside: the real executable, a store of its own for each test, plain sockets.

#![expect(clippy::unwrap_used, reason = "a test panics where its world is not as it expects")]
#![expect(clippy::disallowed_methods, reason = "a test compares with the clock of the machine and draws signatures")]

mod auth;
mod awards;
mod body;
mod client;
mod close;
mod concurrency;
mod create;
mod delivery;
mod displaced;
mod durability;
mod ending;
mod envelope;
mod escalate;
mod events;
mod executable;
mod group;
mod health;
mod idempotency;
mod identity;
mod idle;
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
mod notifications;
mod operations;
mod order;
mod rate;
mod receiver;
mod relay;
mod retention;
mod routes;
mod side_channels;
mod signer;
mod store_errors;
mod stream;
mod streams;
mod track;
mod unread;
mod validation;
mod webhooks;
mod world;
