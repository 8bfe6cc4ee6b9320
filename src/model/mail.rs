//! Mail, the second channel of notifications: what it says, and what its ids are made from.

use super::notification::Notice;
use super::webhook::MessageIdPrefix;
use super::{EmailAddress, Level, NotificationId, ServiceType, Status, TicketId, Timestamp};

/// A notification on its way to its customer's address. What it says is the same on each try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailContent {
    /// The notification that it brings.
    pub id: NotificationId,
    /// What the ids of this store's messages hold.
    pub tag: MessageIdPrefix,
    /// To whom.
    pub to: EmailAddress,
    /// The language they read, as BCP 47 writes it.
    pub locale: String,
    /// What it says.
    pub notice: Notice,
    /// About which ticket.
    pub ticket: TicketId,
    /// Where the ticket stood then.
    pub level: Level,
    /// When the notification was left.
    pub at: Timestamp,
    /// What part of the platform the ticket is about.
    pub service: ServiceType,
}

impl MailContent {
    /// Where the ticket stood when the notification was left.
    pub const fn status(&self) -> Status {
        match self.notice {
            Notice::TicketCreated => Status::Open,
            Notice::TicketEscalated => Status::Escalated,
            Notice::TicketClosed => Status::Closed,
        }
    }

    /// The id of the message, at this domain: the same on every try, and of no other store.
    pub fn message_id(&self, domain: &str) -> String {
        format!("<notification.{}.{}@{domain}>", self.id, self.tag.as_str())
    }
}
