//! Webhooks as a delivery channel: one queue for each webhook, in the order of its events.

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
    const HOLDS_LEASE_WHEN_IDLE: bool = false;
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

    async fn close((): ()) {}

    /// Logs neither the webhook's URL nor the receiver's response, which may contain secrets.
    fn log(delivery: &Queued<WebhookMessage>, attempt: &Attempt, settled: Option<Settled>) {
        let (webhook, delivery) = (delivery.payload.webhook.id.get(), delivery.key.get());
        let (status, error) = (attempt.outcome.status(), attempt.outcome.error().map(DeliveryError::as_str));
        match settled {
            Some(Settled::Delivered) => tracing::debug!(webhook, delivery, status, "delivered"),
            Some(Settled::Retried(until)) => {
                tracing::info!(webhook, delivery, status, error, %until, "not delivered yet");
            }
            Some(Settled::Dead) => tracing::warn!(webhook, delivery, status, error, "a delivery was given up"),
            Some(Settled::Gone) => {
                tracing::warn!(webhook, delivery, "the receiver answered 410: its webhook is disabled");
            }
            None => tracing::debug!(webhook, delivery, "a delivery was settled meanwhile"),
        }
    }
}
