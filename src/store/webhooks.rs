//! Webhooks and their deliveries, as a use case asks a store for them.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own faults")]

use crate::model::page::Ask;
use crate::model::webhook::delivery::{Attempt, Delivery, DeliveryFilter, DeliveryState, Waiting};
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{NewWebhook, Webhook};
use crate::model::{DeliveryId, Error, Timestamp, WebhookId};

/// Webhooks and their deliveries.
pub trait Webhooks {
    /// Writes a webhook that gets what happens from now on.
    fn insert(&mut self, webhook: &NewWebhook, now: Timestamp) -> Result<Webhook, Error>;
    /// How many there are.
    fn count(&mut self) -> Result<usize, Error>;
    /// The webhook of this id.
    fn get(&mut self, id: WebhookId) -> Result<Option<Webhook>, Error>;
    /// Webhooks, newest first; ids below `ask.after.id`, one more than the limit, where there is one.
    fn list(&mut self, ask: Ask) -> Result<Vec<Webhook>, Error>;
    /// Gives a webhook a new secret; the one it had stays good until then.
    fn rotate(&mut self, id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> Result<(), Error>;
    /// Ends what is sent to a webhook.
    fn disable(&mut self, id: WebhookId, now: Timestamp) -> Result<(), Error>;
    /// Removes at most so many of a webhook's deliveries, and says how many.
    fn remove_deliveries(&mut self, id: WebhookId, most: u32) -> Result<usize, Error>;
    /// Removes a webhook that has no deliveries.
    fn remove(&mut self, id: WebhookId) -> Result<(), Error>;

    /// The webhooks that get their events, and whether something is due for each.
    fn work(&mut self, now: Timestamp) -> Result<Vec<(WebhookId, bool)>, Error>;
    /// Looks at the next events of the outbox, at most so many, and makes a delivery of each that the webhook asks for.
    /// False where there were none to look at.
    fn enlist(&mut self, id: WebhookId, most: u32, now: Timestamp) -> Result<bool, Error>;
    /// The delivery that is next for a webhook: of those that wait, the one of the earliest event.
    fn head(&mut self, id: WebhookId) -> Result<Option<Waiting>, Error>;
    /// Keeps an attempt after so many before it. False where the delivery no longer waits, or was tried since.
    fn record(
        &mut self,
        id: DeliveryId,
        attempts: u32,
        attempt: &Attempt,
        state: DeliveryState,
        due_at: Timestamp,
    ) -> Result<bool, Error>;
    /// Lets a delivery be tried now: from the start where it had ended.
    fn requeue(&mut self, id: DeliveryId, now: Timestamp) -> Result<(), Error>;
    /// The delivery of this id.
    fn delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, Error>;
    /// Deliveries, newest first; ids below `ask.after.id`, one more than the limit, where there is one.
    fn deliveries(&mut self, filter: DeliveryFilter, ask: Ask) -> Result<Vec<Delivery>, Error>;
}
