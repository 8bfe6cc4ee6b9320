//! Notifications to the customers of a ticket.

use super::closed_list::closed_list;
use super::{CustomerId, Level, Message, TicketId, Timestamp};

closed_list!(
    /// Kind of a notification; its name is the key of its message in `locales/`.
    Notice {
        /// The ticket was opened.
        TicketCreated = "notification.ticket_created",
        /// The ticket was escalated.
        TicketEscalated = "notification.ticket_escalated",
        /// The ticket was closed.
        TicketClosed = "notification.ticket_closed",
    }
);

impl Notice {
    /// Returns the message about a ticket at this level, untranslated.
    pub fn message(self, ticket: TicketId, level: Level) -> Message {
        Message::new(self.as_str()).with("id", ticket).with("level", level)
    }
}

/// Notification before it is stored. It is translated when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Recipient.
    pub customer: CustomerId,
    /// Kind.
    pub notice: Notice,
    /// Ticket.
    pub ticket: TicketId,
    /// Level of the ticket at that time.
    pub level: Level,
    /// Time of the operation.
    pub at: Timestamp,
}
