//! Events of operations on tickets, for the platform, webhooks and customers' streams.

use super::actor::Actor;
use super::closed_list::closed_list;
use super::{CustomerId, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

closed_list!(
    /// Name of an event.
    EventName {
        /// A ticket was opened.
        TicketCreated = "support:ticket_created",
        /// A ticket was escalated.
        TicketEscalated = "support:ticket_escalated",
        /// A ticket was closed.
        TicketClosed = "support:ticket_closed",
    }
);

/// Event before it is stored; the store assigns its sequence number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub name: EventName,
    pub at: Timestamp,
    pub ticket: TicketId,
    pub owner: CustomerId,
    pub members: Vec<CustomerId>,
    pub service: ServiceType,
    pub issue: IssueType,
    /// Status after the operation.
    pub status: Status,
    /// Level after the operation.
    pub level: Level,
    pub actor: Actor,
}

/// Event as stored in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedEvent {
    /// Sequence number, in the order of commits.
    pub sequence: i64,
    pub name: EventName,
    pub at: Timestamp,
    /// Its `data`, as JSON.
    pub data: String,
}

/// Customers concerned by an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Sequence number of the event.
    pub sequence: i64,
    pub owner: CustomerId,
    pub members: Vec<CustomerId>,
}

impl Audience {
    /// Returns all customers, the owner first.
    pub fn customers(&self) -> impl Iterator<Item = CustomerId> {
        std::iter::once(self.owner).chain(self.members.iter().copied())
    }
}
