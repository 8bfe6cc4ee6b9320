//! How a store fares, as a use case asks it.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own errors")]

use std::time::Duration;

use crate::model::health::{Integrity, LeaseFacts, MailFacts, StorageFacts, Tallies, WebhookFacts};
use crate::model::{Error, Timestamp};

/// How a store fares.
pub trait Health {
    /// Facts about the place where it is kept.
    fn storage(&mut self) -> Result<StorageFacts, Error>;
    /// How much there is of what; of tokens, those that end between these instants.
    fn tallies(&mut self, now: Timestamp, soon: Timestamp) -> Result<Tallies, Error>;
    /// How many deliveries were given up.
    fn dead(&mut self) -> Result<i64, Error>;
    /// How many mails were given up.
    fn dead_mails(&mut self) -> Result<i64, Error>;
    /// How far its mails are.
    fn mails(&mut self) -> Result<MailFacts, Error>;
    /// Its webhooks, oldest first.
    fn webhooks(&mut self) -> Result<Vec<WebhookFacts>, Error>;
    /// Which server works deliveries off.
    fn delivery_lease(&mut self) -> Result<Option<LeaseFacts>, Error>;
    /// Whether its pages and tables hold together: quickly and for at most so long, or everything.
    fn integrity(&mut self, most: Option<Duration>) -> Result<Integrity, Error>;
}
