//! History of a ticket: all rows that its operations wrote, in order.

use super::actor::Actor;
use super::audit::{AuditAction, AuditId};
use super::award::Award;
use super::event::EventName;
use super::notification::Notice;
use super::{CustomerId, Level, Status, Timestamp};

/// Line of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Audit entry of the operation.
    pub audit: AuditId,
    pub at: Timestamp,
    pub entry: HistoryEntry,
}

/// Row of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryEntry {
    /// Audit entry.
    Audit {
        action: AuditAction,
        actor: Actor,
        /// Id of the request.
        request: Option<String>,
        /// Status and level of the ticket after the action.
        state: Option<(Status, Level)>,
        /// Reason that the agent entered.
        reason: Option<String>,
    },
    /// Award to the owner of the ticket.
    Award { customer: CustomerId, award: Award },
    Notification {
        customer: CustomerId,
        notice: Notice,
        /// Level of the ticket at that time.
        level: Level,
        /// Time when it was read, if it was.
        read_at: Option<Timestamp>,
    },
    /// Event for the platform.
    Event { sequence: i64, name: EventName },
}

impl HistoryEntry {
    /// Returns the sort order among the rows of one operation.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Audit { .. } => 0,
            Self::Award { .. } => 1,
            Self::Notification { .. } => 2,
            Self::Event { .. } => 3,
        }
    }
}
