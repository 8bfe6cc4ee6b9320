//! Delivery workers, one for each channel: while a server runs, one worker posts events to webhooks and another sends
//! mails. Their state is in the store, so that after a crash another worker, in this process or another, continues.

mod channel;
mod lease_guard;
mod mail;
mod queue;
mod webhook;
mod worker;

pub use channel::{Channel, WorkerContext};
pub use mail::{switch_mail_off, switch_mail_on};
pub use worker::Worker;
