//! Delivery workers: while a server runs, one delivers events to webhooks and another mails. Everything they know is in the
//! store, so they may die at any moment, and another, here or in another process, goes on where they were.

mod channel;
mod lease_guard;
mod mail;
mod queue;
mod webhook;
mod worker;

pub use channel::{Channel, WorkerContext};
pub use mail::{begin_mail, end_mail};
pub use worker::Worker;
