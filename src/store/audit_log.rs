//! Audit log, and the rows that `audit verify` compares with it.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]
use crate::model::Error;
use crate::model::audit::{AuditFilter, AuditLine};
use crate::model::audit_verify::{
    Decoded, DecodedEntry, DecodedRow, OutboxRow, TableTotals, TicketRow, TokenRow, WebhookRow,
};
use crate::model::ledger::LedgerEntry;
use crate::model::notification::Notification;
use crate::model::pagination::PageRequest;

/// Audit log, and the rows that `audit verify` compares with it. Methods with `after` and `limit` return rows with a
/// greater id in ascending order, at most `limit` of them.
pub trait AuditLog {
    /// Returns the entries that match the filter, newest first, from `page.after.id`; at most `page.limit` + 1 of them.
    fn list(&mut self, filter: &AuditFilter, page: PageRequest) -> Result<Vec<AuditLine>, Error>;
    /// Returns the head of the audit log, the last ids of the tables and the sums of the ledger.
    fn extent(&mut self) -> Result<TableTotals, Error>;
    /// Returns entries as stored.
    fn lines(&mut self, after: i64, limit: u32) -> Result<Vec<AuditLine>, Error>;
    /// Returns entries, each with the current state of its subject.
    fn entries(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedEntry>>, Error>;
    /// Returns rows of the ledger.
    fn ledger(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<LedgerEntry>>>, Error>;
    /// Returns notifications.
    fn notifications(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<Notification>>>, Error>;
    /// Returns events of the outbox.
    fn events(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<OutboxRow>>>, Error>;
    /// Returns tickets, each with its last audit entry.
    fn tickets(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<TicketRow>>, Error>;
    /// Returns tokens, each with its audit entries.
    fn tokens(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<TokenRow>>, Error>;
    /// Returns webhooks, each with its audit entries.
    fn webhooks(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<WebhookRow>>, Error>;
}
