//! Rows that operations left, decoded for a comparison with their audit entries.

use super::Table;
use crate::model::audit::{AuditId, Head};
use crate::model::event::{Event, EventName};
use crate::model::ledger::LedgerEntry;
use crate::model::notification::Notification;
use crate::model::retention::PurgeMark;
use crate::model::{CustomerId, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

/// Row as it was read: its number alone where it holds a value that this program never writes.
pub type Decoded<T> = Result<T, i64>;

/// Row of the ledger, the notifications or the outbox, with its number and its audit entry's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedRow<T> {
    /// Number.
    pub id: i64,
    /// Number of the audit entry that it names.
    pub audit: AuditId,
    /// Values.
    pub row: T,
}

/// Kind of rows that operations leave.
pub trait OperationRow {
    /// What the row is expected to say.
    type Expected;
    /// Table of these rows.
    const TABLE: Table;

    /// The row says what is expected.
    fn matches(&self, expected: &Self::Expected) -> bool;
}

impl OperationRow for LedgerEntry {
    type Expected = Self;
    const TABLE: Table = Table::Ledger;

    /// The key of a grant is in no entry.
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

/// Event as it stands in the outbox: its columns, and the members of its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Name.
    pub name: EventName,
    /// Time of the operation.
    pub at: Timestamp,
    /// Ticket in the column.
    pub ticket: TicketId,
    /// Ticket in the payload, as the following members.
    pub payload_ticket: TicketId,
    /// Customer who opened the ticket.
    pub owner: CustomerId,
    /// Group of the ticket.
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

/// How far the tables go, by what the store keeps beside their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The log's head; none where even that is gone.
    pub head: Option<Head>,
    /// The last number that was given in the audit log.
    pub audit: i64,
    /// The same of the ledger.
    pub ledger: i64,
    /// The same of the notifications.
    pub notifications: i64,
    /// The same of the outbox.
    pub outbox: i64,
    /// The last ticket's number.
    pub tickets: i64,
    /// The ledger's sums of points and cents, as balances are read.
    pub sums: (i64, i64),
    /// The events that were let go since they were old.
    pub gone_events: PurgeMark,
    /// The same of the notifications.
    pub gone_notifications: PurgeMark,
}
