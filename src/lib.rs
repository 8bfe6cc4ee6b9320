//! Customer-support ticket service for rides, deliveries and bookings, in one executable.
//!
//! Modules, from the lowest floor to the highest; imports go down only (see `docs/architecture.md`):
//!
//! - [`model`]: domain types and their decisions, without I/O, clock or randomness.
//! - [`view`]: JSON shapes that the HTTP API, the command line and webhooks share.
//! - [`i18n`]: translation of messages into the languages of `locales/`.
//! - [`system`]: the only source of the current time and of random bytes.
//! - [`metrics`]: counters of a server, in the Prometheus text format.
//! - [`store`]: the port of the store; [`store::sqlite`] is the only backend and the only module that names the engine.
//! - [`outbound`]: one HTTP client and one SMTP client, with limits of time and size, and address rules.
//! - [`feed`]: notifies listeners of events that this process or another committed.
//! - [`desk`]: use cases, each a function over a unit of work.
//! - [`identity`]: verification of the platform's JSON Web Tokens.
//! - [`http`] and [`cli`]: the two entry points, independent of each other; both call [`desk`].
//! - [`delivery`]: background task that sends webhooks and mail.
//! - [`retention_worker`]: background task that purges expired rows.
//! - [`app`]: configuration, opening of the store, start and shutdown of `serve`.

rust_i18n::i18n!("locales", fallback = "en");

#[warn(missing_docs)]
pub mod app;
pub mod cli;
pub mod delivery;
#[warn(missing_docs)]
pub mod desk;
pub mod feed;
pub mod http;
pub mod i18n;
pub mod identity;
pub mod metrics;
pub mod model;
pub mod outbound;
pub mod retention_worker;
#[warn(missing_docs)]
pub mod store;
pub mod system;
pub mod view;
