//! Webhooks as a channel: a queue for each, in the order of its events.

use super::channel::Channel;
use crate::desk::delivery::queue::next_message;
use crate::model::delivery::{Attempt, ChannelName, DeliveryError, Queue, Queued, Settled};
use crate::model::principal::Caller;
use crate::model::webhook::WebhookMessage;
use crate::model::{Error, Timestamp};
use crate::outbound::Sender;
use crate::store::Unit;

impl Channel for Sender {
    const NAME: ChannelName = ChannelName::Webhooks;
    const HELD_IDLE: bool = false;
    type Payload = WebhookMessage;
    type Session = ();

    fn next(
        unit: &mut dyn Unit,
        holder: &str,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Option<Queued<WebhookMessage>>, Error> {
        match queue {
            Queue::Webhook(id) => next_message(unit, &Caller::system(), holder, id, now),
            Queue::Mail => Ok(None),
        }
    }

    async fn send(&self, (): &mut (), message: &WebhookMessage) -> Attempt {
        self.post(message).await
    }

    async fn end((): ()) {}

    /// The webhook's URL and the receiver's answer may hold secrets, and stay in the store.
    fn log(delivery: &Queued<WebhookMessage>, attempt: &Attempt, settled: Option<Settled>) {
        let (webhook, delivery) = (delivery.payload.webhook.id.get(), delivery.key.get());
        let (status, trouble) = (attempt.outcome.status(), attempt.outcome.error().map(DeliveryError::as_str));
        match settled {
            Some(Settled::Delivered) => tracing::debug!(webhook, delivery, status, "delivered"),
            Some(Settled::Retried(until)) => {
                tracing::info!(webhook, delivery, status, trouble, %until, "not delivered yet");
            }
            Some(Settled::Dead) => tracing::warn!(webhook, delivery, status, trouble, "a delivery was given up"),
            Some(Settled::Gone) => tracing::warn!(webhook, delivery, "the receiver is gone, and its webhook disabled"),
            None => tracing::debug!(webhook, delivery, "a delivery was settled meanwhile"),
        }
    }
}
