//! Channels and their queues. Deliveries to a webhook are ordered, mails are not.

use super::backoff::MAX_DUE_DELAY;
use crate::model::closed_list::closed_list;
use crate::model::event::EventName;
use crate::model::{DeliveryId, NotificationId, Timestamp, WebhookId};

closed_list!(
    /// Delivery channel. One server at a time holds the lease of each.
    ChannelName {
        /// Events to webhooks.
        Webhooks = "webhooks",
        /// Notifications by mail.
        Mail = "mail",
    }
);

/// Queue of deliveries that are sent one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Events for a webhook, in their order.
    Webhook(WebhookId),
    /// All mails, the one with the earliest due time first.
    Mail,
}

/// Key of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryKey {
    /// Event for a webhook.
    Webhook(DeliveryId),
    /// Mail of a notification.
    Mail(NotificationId),
}

impl DeliveryKey {
    /// Returns the number of the id.
    pub const fn get(self) -> i64 {
        match self {
            Self::Webhook(id) => id.get(),
            Self::Mail(id) => id.get(),
        }
    }
}

/// Delivery that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued<P> {
    pub key: DeliveryKey,
    /// Number of attempts so far.
    pub attempts: u32,
    /// Content, identical for each attempt.
    pub payload: P,
}

/// Next delivery of a webhook, with the stored event.
#[derive(Debug, Clone)]
pub struct QueuedEvent {
    pub id: DeliveryId,
    /// Number of attempts so far.
    pub attempts: u32,
    /// Due time.
    pub due_at: Timestamp,
    /// Sequence number of the event.
    pub event: i64,
    /// Name of the event.
    pub name: EventName,
    /// Time of the event.
    pub occurred_at: Timestamp,
    /// Data of the event, as JSON.
    pub data: String,
}

/// Returns the due time of a delayed delivery. A time further away than any delay was written by a wrong clock, and
/// counts as due now.
pub fn due(due_at: Timestamp, now: Timestamp) -> Timestamp {
    if due_at > now.plus(MAX_DUE_DELAY) { now } else { due_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_time_from_a_wrong_clock_counts_as_due_now() {
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        let in_seconds = |seconds| due(now.plus(seconds), now);
        assert_eq!(in_seconds(-400 * 86_400), now.plus(-400 * 86_400));
        assert_eq!((in_seconds(1), in_seconds(MAX_DUE_DELAY)), (now.plus(1), now.plus(MAX_DUE_DELAY)));
        assert_eq!(in_seconds(400 * 86_400), now);
    }
}
