//! Deliveries as listed.

use serde::Serialize;

use super::attempt::Attempt;
use super::progress::DeliveryState;
use crate::model::EmailAddress;
use crate::model::event::EventName;
use crate::model::{CustomerId, DeliveryId, NotificationId, TicketId, Timestamp, WebhookId};

/// Delivery of a [`WebhookEvent`] or a [`Mail`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery<T> {
    /// Content and receiver.
    #[serde(flatten)]
    pub of: T,
    pub state: DeliveryState,
    /// Number of attempts since the delivery was last queued.
    pub attempts: u32,
    /// Time of the next attempt, if any.
    #[serde(rename = "nextAttemptAt")]
    pub due_at: Option<Timestamp>,
    /// Time when the delivery was queued.
    pub created_at: Timestamp,
    /// Last attempt, if any.
    #[serde(rename = "lastAttempt")]
    pub last: Option<Attempt>,
}

impl<T> Delivery<T> {
    /// Returns the delivery queued again: with a new count of attempts if it was finished.
    #[must_use]
    pub fn requeued(self, now: Timestamp) -> Self {
        let attempts = match self.state {
            DeliveryState::Waiting => self.attempts,
            DeliveryState::Delivered | DeliveryState::Dead => 0,
        };
        Self { state: DeliveryState::Waiting, attempts, due_at: Some(now), ..self }
    }
}

/// Event for a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookEvent {
    /// Id of the delivery.
    #[serde(rename = "deliveryId")]
    pub id: DeliveryId,
    #[serde(rename = "webhookId")]
    pub webhook: WebhookId,
    /// Sequence number of the event.
    #[serde(rename = "eventId")]
    pub event: i64,
    /// Name of the event.
    #[serde(rename = "event")]
    pub name: EventName,
    /// Id of the message.
    #[serde(rename = "messageId")]
    pub message: String,
}

/// Mail of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    #[serde(rename = "notificationId")]
    pub id: NotificationId,
    #[serde(rename = "customerId")]
    pub customer: CustomerId,
    #[serde(rename = "ticketId")]
    pub ticket: TicketId,
    /// Current address of the customer, if any.
    pub to: Option<EmailAddress>,
}

/// Filter for deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryFilter<R> {
    /// Webhook or customer.
    pub to: Option<R>,
    /// True to list only deliveries whose last attempt failed: waiting for a retry, or failed permanently.
    pub failed: bool,
}
