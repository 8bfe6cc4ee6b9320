//! State and size of the store.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::health::{Integrity, LeaseFacts, MailFacts, RowCounts, StorageFacts, WebhookFacts};
use crate::model::store_check::Orphan;
use crate::model::{Error, Timestamp};

/// State and size of the store.
pub trait Health {
    /// Returns the location, size, mode and schema version of the database.
    fn storage(&mut self) -> Result<StorageFacts, Error>;
    /// Returns the number of rows by kind; of tokens, the number that expires after `now` and not after `soon`.
    fn row_counts(&mut self, now: Timestamp, soon: Timestamp) -> Result<RowCounts, Error>;
    /// Returns the number of rows by table.
    fn table_rows(&mut self) -> Result<BTreeMap<String, i64>, Error>;
    /// Returns the number of webhook deliveries in state `dead`.
    fn dead_deliveries(&mut self) -> Result<i64, Error>;
    /// Returns the number of mails in state `dead`.
    fn dead_mails(&mut self) -> Result<i64, Error>;
    /// Returns the number of mails by state.
    fn mails(&mut self) -> Result<MailFacts, Error>;
    /// Returns the webhooks, oldest first, each with its number of undelivered events.
    fn webhooks(&mut self) -> Result<Vec<WebhookFacts>, Error>;
    /// Returns the lease on the webhook channel, if any.
    fn delivery_lease(&mut self) -> Result<Option<LeaseFacts>, Error>;
    /// Returns true if the store has this program's schema version; a copy may have an earlier one.
    fn has_current_schema(&mut self) -> Result<bool, Error>;
    /// Checks every page, table and index, and returns the first errors.
    fn integrity_errors(&mut self) -> Result<Vec<String>, Error>;
    /// Returns the first rows that refer to rows that do not exist, with or without a foreign key.
    fn orphans(&mut self) -> Result<Vec<Orphan>, Error>;
    /// Checks pages and tables: a quick check that stops after `limit`, or a full check, which includes indexes and
    /// foreign keys.
    fn integrity(&mut self, limit: Option<Duration>) -> Result<Integrity, Error>;
}
