//! Notifications: what the customers of a ticket are told in the product itself.

use super::closed_list::closed_list;
use super::{CustomerId, Level, Message, TicketId, Timestamp};

closed_list!(
    /// What a notification says; its sentence is at this key in `locales/`.
    Notice {
        /// Your ticket was opened.
        TicketCreated = "notification.ticket_created",
        /// Your ticket was raised.
        TicketEscalated = "notification.ticket_escalated",
        /// Your ticket was closed.
        TicketClosed = "notification.ticket_closed",
    }
);

impl Notice {
    /// What it says of a ticket at this level, in no language yet.
    pub fn message(self, ticket: TicketId, level: Level) -> Message {
        Message::new(self.as_str()).with("id", ticket).with("level", level)
    }
}

/// A notification for one customer: a key with values, said in the reader's language when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// For whom.
    pub customer: CustomerId,
    /// What it says.
    pub notice: Notice,
    /// About which ticket.
    pub ticket: TicketId,
    /// Where the ticket stood then.
    pub level: Level,
    /// When.
    pub at: Timestamp,
}
