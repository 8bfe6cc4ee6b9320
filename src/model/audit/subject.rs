//! Subjects of audit entries.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::model::{CustomerId, DeliveryId, Message, NotificationId, TicketId, TokenId, WebhookId};

/// Subject of an audit entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Ticket(TicketId),
    /// Points of a customer.
    Customer(CustomerId),
    Token(TokenId),
    Webhook(WebhookId),
    /// Delivery to a webhook.
    Delivery(DeliveryId),
    Notification(NotificationId),
}

impl Subject {
    /// Builds a subject from its kind and number.
    pub fn new(kind: &str, number: i64) -> Option<Self> {
        match kind {
            "ticket" => TicketId::new(number).map(Self::Ticket),
            "customer" => CustomerId::new(number).map(Self::Customer),
            "token" => TokenId::new(number).map(Self::Token),
            "webhook" => WebhookId::new(number).map(Self::Webhook),
            "delivery" => DeliveryId::new(number).map(Self::Delivery),
            "notification" => NotificationId::new(number).map(Self::Notification),
            _ => None,
        }
    }

    /// Returns the kind, as [`Self::new`] parses it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Ticket(_) => "ticket",
            Self::Customer(_) => "customer",
            Self::Token(_) => "token",
            Self::Webhook(_) => "webhook",
            Self::Delivery(_) => "delivery",
            Self::Notification(_) => "notification",
        }
    }

    /// Returns the number of the id.
    pub const fn number(self) -> i64 {
        match self {
            Self::Ticket(id) => id.get(),
            Self::Customer(id) => id.get(),
            Self::Token(id) => id.get(),
            Self::Webhook(id) => id.get(),
            Self::Delivery(id) => id.get(),
            Self::Notification(id) => id.get(),
        }
    }
}

impl fmt::Display for Subject {
    /// Writes kind and number: `ticket:7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.number())
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Error of a text that is not a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a subject")]
pub struct SubjectParseError;

impl From<SubjectParseError> for Message {
    fn from(SubjectParseError: SubjectParseError) -> Self {
        Self::new("argument.subject")
    }
}

impl FromStr for Subject {
    type Err = SubjectParseError;

    fn from_str(text: &str) -> Result<Self, SubjectParseError> {
        let (kind, id) = text.split_once(':').ok_or(SubjectParseError)?;
        let id: TicketId = id.parse().map_err(|_| SubjectParseError)?;
        Self::new(kind, id.get()).ok_or(SubjectParseError)
    }
}
