//! Verification of an audit entry against its hash, its subject and the rows of its operation.

use super::{DecodedRow, Finding, OperationRow, OutboxRow};
use crate::model::audit::{AuditId, AuditLine, Hash};
use crate::model::effects::{TicketFacts, effects};
use crate::model::ledger::LedgerEntry;
use crate::model::notification::Notification;
use crate::model::{CustomerId, IssueType, ServiceType};

/// Rows that refer to one audit entry.
#[derive(Debug, Default)]
pub struct RowsOfEntry {
    pub ledger: Vec<DecodedRow<LedgerEntry>>,
    pub notifications: Vec<DecodedRow<Notification>>,
    pub events: Vec<DecodedRow<OutboxRow>>,
    /// True if the entry's notifications were purged.
    pub notifications_purged: bool,
    /// True if the entry's events were purged.
    pub events_purged: bool,
}

/// Ticket of an entry, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketOfEntry {
    pub owner: CustomerId,
    pub members: Vec<CustomerId>,
    /// Service type.
    pub service: ServiceType,
    /// Issue type.
    pub issue: IssueType,
}

/// Audit entry with the stored values of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedEntry {
    pub line: AuditLine,
    /// Hash of the previous stored entry for the same subject.
    pub before: Option<Hash>,
    /// True if the subject exists in the store.
    pub known: bool,
    /// Subject, if it is a ticket.
    pub ticket: Option<TicketOfEntry>,
}

impl DecodedEntry {
    /// Verifies the entry's hash, its link to the previous entry, and that its subject exists.
    ///
    /// # Errors
    /// The first mismatch.
    pub fn verify(&self) -> Result<(), Finding> {
        let AuditLine { id, entry, previous, hash } = &self.line;
        if self.line.seal() != *hash {
            return Err(Finding::Altered(*id));
        }
        if *previous != self.before {
            return Err(Finding::Unlinked(*id, entry.subject));
        }
        if self.known { Ok(()) } else { Err(Finding::NoSubject(*id, entry.subject)) }
    }

    /// Verifies that the rows of the entry are exactly the effects of its operation. An award may be missing, because
    /// it depends on the customer's account and on the agent.
    ///
    /// # Errors
    /// The first mismatch.
    pub fn verify_rows(&self, rows: &RowsOfEntry) -> Result<(), Finding> {
        let id = self.line.id;
        let facts = self.ticket.as_ref().map(|ticket| TicketFacts {
            owner: ticket.owner,
            members: &ticket.members,
            service: ticket.service,
            issue: ticket.issue,
        });
        let expected = effects(&self.line.entry, facts);
        let events = if rows.events_purged { &[] } else { expected.event.as_slice() };
        exactly(id, events, &rows.events)?;
        let notifications = if rows.notifications_purged { &[] } else { expected.notifications.as_slice() };
        exactly(id, notifications, &rows.notifications)?;
        match &expected.ledger {
            Some(award) if award.occasion.is_some() && rows.ledger.is_empty() => Ok(()),
            ledger => exactly(id, ledger.as_slice(), &rows.ledger),
        }
    }
}

/// Verifies that rows are exactly the expected ones, in this order.
fn exactly<T: OperationRow>(id: AuditId, expected: &[T::Expected], rows: &[DecodedRow<T>]) -> Result<(), Finding> {
    for (index, row) in rows.iter().enumerate() {
        if !expected.get(index).is_some_and(|expected| row.row.matches(expected)) {
            return Err(Finding::RowDiffers(T::TABLE, row.id, id));
        }
    }
    if rows.len() < expected.len() { Err(Finding::EntryRowMissing(T::TABLE, id)) } else { Ok(()) }
}
