//! A ticket's history: every row that its operations wrote, in order.

use super::actor::Actor;
use super::audit::{AuditAction, AuditId};
use super::award::Award;
use super::event::EventName;
use super::notification::Notice;
use super::{CustomerId, Level, Status, Timestamp};

/// One line of a ticket's history, from whichever table it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// The operation that wrote it.
    pub audit: AuditId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: HistoryEntry,
}

/// What a line of history is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryEntry {
    /// The audit entry itself.
    Audit {
        /// What was done.
        action: AuditAction,
        /// By whom.
        actor: Actor,
        /// In which request.
        request: Option<String>,
        /// Where the ticket stood afterwards.
        state: Option<(Status, Level)>,
        /// Why, in the agent's words.
        reason: Option<String>,
    },
    /// An award to the ticket's owner.
    Award {
        /// To whom.
        customer: CustomerId,
        /// How much, for what.
        award: Award,
    },
    /// A notification.
    Notification {
        /// For whom.
        customer: CustomerId,
        /// What it says.
        notice: Notice,
        /// The level it speaks of.
        level: Level,
        /// When it was read.
        read_at: Option<Timestamp>,
    },
    /// An event for the platform.
    Event {
        /// Its sequence number.
        sequence: i64,
        /// Its name.
        name: EventName,
    },
}

impl HistoryEntry {
    /// Its place among the lines that one operation wrote.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Audit { .. } => 0,
            Self::Award { .. } => 1,
            Self::Notification { .. } => 2,
            Self::Event { .. } => 3,
        }
    }
}
