//! Notifications to the customers of a ticket.

use super::closed_list::closed_list;
use super::{CustomerId, Level, Message, TicketId, Timestamp};

closed_list!(
    /// Kind of a notification; its name is the key of its message in `locales/`.
    Notice {
        TicketCreated = "notification.ticket_created",
        TicketEscalated = "notification.ticket_escalated",
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
    pub customer: CustomerId,
    pub notice: Notice,
    pub ticket: TicketId,
    /// Level of the ticket at that time.
    pub level: Level,
    pub at: Timestamp,
}
