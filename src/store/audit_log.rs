//! The audit log, and the rows that are compared with it.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::Error;
use crate::model::audit::{AuditFilter, AuditLine};
use crate::model::audit_verify::{
    Decoded, DecodedEntry, DecodedRow, Extent, OutboxRow, TicketRow, TokenRow, WebhookRow,
};
use crate::model::ledger::LedgerEntry;
use crate::model::notification::Notification;
use crate::model::pagination::PageRequest;

/// The audit log, and the rows that are compared with it, in the order in which they were written: rows after a number,
/// at most so many.
pub trait AuditLog {
    /// The entries that pass the filter, newest first (`ask.after.id`); one more than the limit, where there is one.
    fn list(&mut self, filter: &AuditFilter, ask: PageRequest) -> Result<Vec<AuditLine>, Error>;
    /// How far the tables go.
    fn extent(&mut self) -> Result<Extent, Error>;
    /// Entries as they stand.
    fn lines(&mut self, after: i64, limit: u32) -> Result<Vec<AuditLine>, Error>;
    /// Entries with what is known of their subjects.
    fn entries(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedEntry>>, Error>;
    /// Rows of the ledger.
    fn ledger(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<LedgerEntry>>>, Error>;
    /// Notifications.
    fn notifications(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<Notification>>>, Error>;
    /// Events.
    fn events(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<OutboxRow>>>, Error>;
    /// Tickets with their last entries.
    fn tickets(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<TicketRow>>, Error>;
    /// Tokens with their entries.
    fn tokens(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<TokenRow>>, Error>;
    /// Webhooks with their entries.
    fn webhooks(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<WebhookRow>>, Error>;
}
