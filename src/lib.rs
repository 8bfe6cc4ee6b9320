//! A customer-support ticket service for rides, deliveries and bookings, in one executable.
//!
//! A request travels downward through the house and comes back the same way:
//!
//! - [`model`] holds the nouns and what they decide; nothing in it reads a clock, a file or a socket.
//! - [`system`] is the clock and the random bytes of the machine, which nothing else asks for.
//! - [`text`] turns a message and a locale into a sentence of `locales/`.
//! - [`metrics`] counts what a server does, where it was told to.
//! - [`outbound`] is the one HTTP client and the one SMTP client, with limits of time and size, and address rules.
//! - [`identity`] judges the tokens of the platform's own identity service.
//! - [`store`] is the port to a store; `store::sqlite` is the one backend, and the only place that names it.
//! - [`feed`] tells whoever listens what was committed, by this process or another.
//! - [`desk`] holds the use cases, each a function over a unit of work.
//! - [`sweeper`] lets go of what is older than it need be, while a server runs.
//! - [`delivery`] works deliveries to webhooks and mails off while a server runs.
//! - [`http`] and [`cli`] are the two doors; they do not know each other, and both call the desk.
//! - [`app`] reads the configuration, opens the store, and lets the caller in by one of the doors.

rust_i18n::i18n!("locales", fallback = "en");

pub mod app;
pub mod cli;
pub mod delivery;
pub mod desk;
pub mod feed;
pub mod http;
pub mod i18n;
pub mod identity;
pub mod metrics;
pub mod model;
pub mod outbound;
pub mod retention;
pub mod store;
pub mod system;
