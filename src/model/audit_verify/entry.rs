//! Audit entries, each compared with its seal, its subject and the rows that its operation left.

use super::{DecodedRow, Finding, OperationRow, OutboxRow};
use crate::model::audit::{AuditId, AuditLine, Hash};
use crate::model::effects::{TicketFacts, effects};
use crate::model::ledger::LedgerEntry;
use crate::model::notification::Notification;
use crate::model::{CustomerId, IssueType, ServiceType};

/// Rows that name one audit entry.
#[derive(Debug, Default)]
pub struct RowsOfEntry {
    /// Rows of the ledger.
    pub ledger: Vec<DecodedRow<LedgerEntry>>,
    /// Notifications.
    pub notifications: Vec<DecodedRow<Notification>>,
    /// Events.
    pub events: Vec<DecodedRow<OutboxRow>>,
    /// The entry's notifications were purged.
    pub notifications_purged: bool,
    /// The entry's events were purged.
    pub events_purged: bool,
}

/// Ticket of an entry, as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketOfEntry {
    /// Customer who opened it.
    pub owner: CustomerId,
    /// Group.
    pub members: Vec<CustomerId>,
    /// Service type.
    pub service: ServiceType,
    /// Issue type.
    pub issue: IssueType,
}

/// Audit entry, with what the store knows of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedEntry {
    /// Entry.
    pub line: AuditLine,
    /// Hash of the entry before it for the same subject.
    pub before: Option<Hash>,
    /// The subject is in the store.
    pub known: bool,
    /// Subject, where it is a ticket.
    pub ticket: Option<TicketOfEntry>,
}

impl DecodedEntry {
    /// Compares the entry with its seal, the entry before it, and its subject.
    ///
    /// # Errors
    /// What does not fit.
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

    /// Compares the rows that name the entry with the effects of its operation: neither may be without the other. An award
    /// may be missing, since the account of the customer and the agent decide on it.
    ///
    /// # Errors
    /// What does not fit.
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

/// Refuses rows that are not these, in this order.
fn exactly<T: OperationRow>(id: AuditId, expected: &[T::Expected], rows: &[DecodedRow<T>]) -> Result<(), Finding> {
    for (index, row) in rows.iter().enumerate() {
        if !expected.get(index).is_some_and(|expected| row.row.matches(expected)) {
            return Err(Finding::Misfit(T::TABLE, row.id, id));
        }
    }
    if rows.len() < expected.len() { Err(Finding::Absent(T::TABLE, id)) } else { Ok(()) }
}
