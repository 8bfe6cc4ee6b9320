//! Operations with the rows that each writes, and the history of a ticket.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::audit::AuditId;
use crate::model::effects::Operation;
use crate::model::history::HistoryLine;
use crate::model::{Error, TicketId};

/// Result of recording an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Id of the audit entry.
    pub audit: AuditId,
    /// Reason why the ledger row was not written, if it was not.
    pub refusal: Option<LedgerRefusal>,
}

/// Reason why a ledger row was not written. The rest of the operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerRefusal {
    /// The ledger has a row for this ticket and operation, or a grant with this key.
    Duplicate,
    /// Another constraint of the ledger was violated.
    Failed,
}

/// Operations, each with its audit entry, notifications, event and ledger row.
pub trait Operations {
    /// Writes an operation: its audit entry, with the next id and the hash of the subject's previous entry, and the
    /// rows that refer to the entry. A ledger row that violates a constraint is left out, and the rest is written.
    ///
    /// # Errors
    /// An error that rolls the transaction back: full disk, I/O error, lock.
    fn record(&mut self, operation: &Operation) -> Result<Recorded, Error>;
    /// Returns the audit entries, awards, notifications and events of a ticket, in the order of its operations.
    fn history(&mut self, ticket: TicketId) -> Result<Vec<HistoryLine>, Error>;
}
