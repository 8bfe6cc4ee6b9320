//! Content of mails, the second channel of notifications.

use super::notification::Notice;
use super::webhook::MessageIdPrefix;
use super::{EmailAddress, Level, NotificationId, ServiceType, Status, TicketId, Timestamp};

/// Mail of a notification, identical for each attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailContent {
    pub id: NotificationId,
    /// Prefix that distinguishes message ids of this store from those of others.
    pub id_prefix: MessageIdPrefix,
    pub to: EmailAddress,
    /// Language of the recipient as a BCP 47 tag.
    pub locale: String,
    pub notice: Notice,
    pub ticket: TicketId,
    /// Level of the ticket at the time of the notification.
    pub level: Level,
    /// Time of the notification.
    pub at: Timestamp,
    /// Service type of the ticket.
    pub service: ServiceType,
}

impl MailContent {
    /// Returns the status of the ticket at the time of the notification.
    pub const fn status(&self) -> Status {
        match self.notice {
            Notice::TicketCreated => Status::Open,
            Notice::TicketEscalated => Status::Escalated,
            Notice::TicketClosed => Status::Closed,
        }
    }

    /// Returns the `Message-ID` at this domain: identical for each attempt, unique across stores.
    pub fn message_id(&self, domain: &str) -> String {
        format!("<notification.{}.{}@{domain}>", self.id, self.id_prefix.as_str())
    }
}
