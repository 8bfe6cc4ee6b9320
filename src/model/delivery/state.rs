//! Deliveries as agents see them, and as JSON shows them.

use serde::Serialize;

use super::attempt::Attempt;
use super::progress::DeliveryState;
use crate::model::EmailAddress;
use crate::model::event::EventName;
use crate::model::{CustomerId, DeliveryId, NotificationId, TicketId, Timestamp, WebhookId};

/// A delivery of something, [`WebhookEvent`] or [`Mail`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery<T> {
    /// The thing, and its receiver.
    #[serde(flatten)]
    pub of: T,
    /// Progress.
    pub state: DeliveryState,
    /// Attempts so far; one that was let go anew counts anew.
    pub attempts: u32,
    /// The next attempt, where there is one.
    #[serde(rename = "nextAttemptAt")]
    pub due_at: Option<Timestamp>,
    /// The time it was queued.
    pub created_at: Timestamp,
    /// The last attempt.
    #[serde(rename = "lastAttempt")]
    pub last: Option<Attempt>,
}

impl<T> Delivery<T> {
    /// The delivery once it is let go anew at this instant: from the start where it had ended.
    #[must_use]
    pub fn requeued(self, now: Timestamp) -> Self {
        let attempts = match self.state {
            DeliveryState::Waiting => self.attempts,
            DeliveryState::Delivered | DeliveryState::Dead => 0,
        };
        Self { state: DeliveryState::Waiting, attempts, due_at: Some(now), ..self }
    }
}

/// An event for a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookEvent {
    /// The delivery's id.
    #[serde(rename = "deliveryId")]
    pub id: DeliveryId,
    /// The webhook.
    #[serde(rename = "webhookId")]
    pub webhook: WebhookId,
    /// The event's sequence number.
    #[serde(rename = "eventId")]
    pub event: i64,
    /// The event's name.
    #[serde(rename = "event")]
    pub name: EventName,
    /// The message's id.
    #[serde(rename = "messageId")]
    pub message: String,
}

/// The mail that brings a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// The notification.
    #[serde(rename = "notificationId")]
    pub id: NotificationId,
    /// Its customer.
    #[serde(rename = "customerId")]
    pub customer: CustomerId,
    /// Its ticket.
    #[serde(rename = "ticketId")]
    pub ticket: TicketId,
    /// The customer's address as it is now; none where they have none any more.
    pub to: Option<EmailAddress>,
}

/// Deliveries that an agent asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryFilter<R> {
    /// Only those to this webhook or customer.
    pub to: Option<R>,
    /// Only those whose last attempt did not reach its end: waiting for another, or given up.
    pub failed: bool,
}
