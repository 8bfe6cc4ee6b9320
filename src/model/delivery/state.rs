//! Deliveries as agents see them.

use super::attempt::Attempt;
use crate::model::event::EventName;
use crate::model::kind::closed_list;
use crate::model::mail::EmailAddress;
use crate::model::{CustomerId, DeliveryId, NotificationId, TicketId, Timestamp, WebhookId};

closed_list!(
    /// Progress of a delivery.
    DeliveryState {
        /// It will be tried, for the first time or again.
        Waiting = "waiting",
        /// It arrived.
        Delivered = "delivered",
        /// It was given up.
        Dead = "dead",
    }
);

/// A delivery of something, [`WebhookEvent`] or [`Mail`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery<T> {
    /// What is delivered, and to whom.
    pub of: T,
    /// Progress.
    pub state: DeliveryState,
    /// Attempts so far; one that was let go anew counts anew.
    pub attempts: u32,
    /// When it is tried next, where it is.
    pub due_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// The last attempt.
    pub last: Option<Attempt>,
}

impl<T> Delivery<T> {
    /// The same, tried at this instant: from the start where it had ended.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The delivery's id.
    pub id: DeliveryId,
    /// The webhook.
    pub webhook: WebhookId,
    /// The event's sequence number.
    pub event: i64,
    /// The event's name.
    pub name: EventName,
    /// The message's id.
    pub message: String,
}

/// The mail that brings a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The notification.
    pub id: NotificationId,
    /// Its customer.
    pub customer: CustomerId,
    /// Its ticket.
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
