//! Channels and their queues: a webhook's deliveries have an order of their own, mails have none.

use super::backoff::BELIEVABLE;
use crate::model::closed_list::closed_list;
use crate::model::event::EventName;
use crate::model::{DeliveryId, NotificationId, Timestamp, WebhookId};

closed_list!(
    /// A way out of the desk. One server at a time works each off.
    ChannelName {
        /// Events to webhooks.
        Webhooks = "webhooks",
        /// Notifications by mail.
        Mail = "mail",
    }
);

/// Deliveries that are sent one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// The events for a webhook, in their order.
    Webhook(WebhookId),
    /// All mails, the one that is due for longest first.
    Mail,
}

/// The key of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryKey {
    /// An event for a webhook.
    Webhook(DeliveryId),
    /// The mail that brings a notification.
    Mail(NotificationId),
}

impl DeliveryKey {
    /// Its number.
    pub const fn get(self) -> i64 {
        match self {
            Self::Webhook(id) => id.get(),
            Self::Mail(id) => id.get(),
        }
    }
}

/// A delivery that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued<P> {
    /// Its key.
    pub key: DeliveryKey,
    /// Attempts so far.
    pub attempts: u32,
    /// Its content: the same on each try.
    pub payload: P,
}

/// The delivery that is next for a webhook, with the event as it was stored.
#[derive(Debug, Clone)]
pub struct QueuedEvent {
    /// Its id.
    pub id: DeliveryId,
    /// Attempts so far.
    pub attempts: u32,
    /// The instant it is due.
    pub due_at: Timestamp,
    /// The event's sequence number.
    pub event: i64,
    /// The event's name.
    pub name: EventName,
    /// The time it happened.
    pub occurred_at: Timestamp,
    /// Its data, as JSON.
    pub data: String,
}

/// The instant at which something is due that was put off until then. One further away than any wait can be was set by a
/// clock that was wrong, and is due at once.
pub fn due(due_at: Timestamp, now: Timestamp) -> Timestamp {
    if due_at > now.plus(BELIEVABLE) { now } else { due_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_a_wrong_clock_set_is_none() {
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        let in_seconds = |seconds| due(now.plus(seconds), now);
        assert_eq!(in_seconds(-400 * 86_400), now.plus(-400 * 86_400));
        assert_eq!((in_seconds(1), in_seconds(BELIEVABLE)), (now.plus(1), now.plus(BELIEVABLE)));
        assert_eq!(in_seconds(400 * 86_400), now);
    }
}
