//! Events: what the platform, webhooks and customers' streams are told of an operation on a ticket.

use super::actor::Actor;
use super::closed_list::closed_list;
use super::{CustomerId, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

closed_list!(
    /// The events of the contract.
    EventName {
        /// A ticket was opened.
        TicketCreated = "support:ticket_created",
        /// A ticket was raised.
        TicketEscalated = "support:ticket_escalated",
        /// A ticket was closed.
        TicketClosed = "support:ticket_closed",
    }
);

/// What leaves the desk when something happened to a ticket; its sequence number is given by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: EventName,
    /// When.
    pub at: Timestamp,
    /// The ticket as it stood afterwards.
    pub ticket: TicketId,
    /// Who opened it.
    pub owner: CustomerId,
    /// The others it concerns.
    pub members: Vec<CustomerId>,
    /// What part of the platform.
    pub service: ServiceType,
    /// What went wrong.
    pub issue: IssueType,
    /// Where it stands now.
    pub status: Status,
    /// How far up it is now.
    pub level: Level,
    /// Who did it.
    pub actor: Actor,
}

/// An event as it stands in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedEvent {
    /// Its sequence number: events are numbered in the order in which they became durable.
    pub sequence: i64,
    /// Its name.
    pub name: EventName,
    /// When it happened.
    pub at: Timestamp,
    /// Its `data`, as JSON.
    pub data: String,
}

/// Whom an event concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The event's sequence number.
    pub sequence: i64,
    /// Who opened its ticket.
    pub owner: CustomerId,
    /// The ticket's group.
    pub members: Vec<CustomerId>,
}

impl Audience {
    /// All of them, the owner first.
    pub fn customers(&self) -> impl Iterator<Item = CustomerId> {
        std::iter::once(self.owner).chain(self.members.iter().copied())
    }
}
