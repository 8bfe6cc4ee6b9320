//! Stored rows of operations, decoded for comparison with their audit entries.

use super::Table;
use crate::model::audit::{AuditId, Head};
use crate::model::event::{Event, EventName};
use crate::model::ledger::LedgerEntry;
use crate::model::notification::Notification;
use crate::model::retention::PurgeMark;
use crate::model::{CustomerId, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

/// Decoded row, or the number of a row with a value that this program never writes.
pub type Decoded<T> = Result<T, i64>;

/// Row of the ledger, the notifications or the outbox, with its number and that of its audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedRow<T> {
    pub id: i64,
    /// Number of its audit entry.
    pub audit: AuditId,
    pub row: T,
}

/// Row that operations write.
pub trait OperationRow {
    /// Expected values.
    type Expected;
    /// Table of the row.
    const TABLE: Table;

    /// Returns true if the row has the expected values.
    fn matches(&self, expected: &Self::Expected) -> bool;
}

impl OperationRow for LedgerEntry {
    type Expected = Self;
    const TABLE: Table = Table::Ledger;

    /// Ignores the key of a grant, which no entry contains.
    fn matches(&self, expected: &Self) -> bool {
        let Self { customer, award, occasion, reason, by, key: _, at } = expected;
        let same = (self.customer, self.award, self.occasion, self.at) == (*customer, *award, *occasion, *at);
        same && self.reason == *reason && self.by == *by && (occasion.is_none() || self.key.is_none())
    }
}

impl OperationRow for Notification {
    type Expected = Self;
    const TABLE: Table = Table::Notifications;

    fn matches(&self, expected: &Self) -> bool {
        self == expected
    }
}

/// Stored event: columns of the outbox, and members of its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    pub name: EventName,
    /// Time of the operation.
    pub at: Timestamp,
    /// Ticket in the column.
    pub ticket: TicketId,
    /// Ticket in the payload; all following members are from the payload.
    pub payload_ticket: TicketId,
    pub owner: CustomerId,
    pub members: Vec<CustomerId>,
    /// Service type.
    pub service: ServiceType,
    /// Issue type.
    pub issue: IssueType,
    /// Status after the operation.
    pub status: Status,
    /// Level after the operation.
    pub level: Level,
    /// Actor, as [`crate::model::actor::Actor::tag`] writes it.
    pub actor: String,
}

impl OperationRow for OutboxRow {
    type Expected = Event;
    const TABLE: Table = Table::Outbox;

    fn matches(&self, expected: &Event) -> bool {
        let Event { name, at, ticket, owner, members, service, issue, status, level, actor } = expected;
        (self.name, self.at, self.ticket, self.payload_ticket) == (*name, *at, *ticket, *ticket)
            && (self.owner, self.service, self.issue) == (*owner, *service, *issue)
            && (self.status, self.level) == (*status, *level)
            && self.members == *members
            && self.actor == actor.tag()
    }
}

/// Totals of the tables, from counters stored beside their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableTotals {
    /// Head of the log; none if it is missing.
    pub head: Option<Head>,
    /// Last number assigned in the audit log.
    pub audit: i64,
    /// Last number assigned in the ledger.
    pub ledger: i64,
    /// Last number assigned to a notification.
    pub notifications: i64,
    /// Last number assigned in the outbox.
    pub outbox: i64,
    /// Number of the last ticket.
    pub tickets: i64,
    /// Totals of the ledger: points and cents.
    pub sums: (i64, i64),
    /// End of the purged events.
    pub purged_events: PurgeMark,
    /// End of the purged notifications.
    pub purged_notifications: PurgeMark,
}
