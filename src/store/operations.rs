//! Operations: the rows that each one leaves, and the history of a ticket.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::audit::AuditId;
use crate::model::effects::Operation;
use crate::model::history::HistoryLine;
use crate::model::{Error, TicketId};

/// Operation as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Number of its audit entry.
    pub audit: AuditId,
    /// Why the ledger did not take its row, where it had one.
    pub refusal: Option<LedgerRefusal>,
}

/// Why the ledger did not take a row. The rest of the operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerRefusal {
    /// The ticket earned for the operation before, or the key granted before.
    Duplicate,
    /// Another constraint of the ledger, or a statement that the engine could not run.
    Failed,
}

/// Operations, each with its audit entry, notifications, event and ledger row.
pub trait Operations {
    /// Writes an operation: its audit entry, numbered and sealed to the one before it for its subject, and the rows that
    /// name the entry. A row that the ledger does not take undoes only itself.
    ///
    /// # Errors
    /// Whatever undoes the whole transaction: a full disk, an I/O error, a lock.
    fn record(&mut self, operation: &Operation) -> Result<Recorded, Error>;
    /// Everything that was written about a ticket, in the order of its operations.
    fn history(&mut self, ticket: TicketId) -> Result<Vec<HistoryLine>, Error>;
}
