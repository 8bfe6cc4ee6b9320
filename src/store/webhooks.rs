//! Webhooks, as a use case asks a store for them.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own errors")]

use crate::model::pagination::PageRequest;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{NewWebhook, Webhook};
use crate::model::{Error, Timestamp, WebhookId};

/// Webhooks.
pub trait Webhooks {
    /// Writes a webhook that gets what happens from now on.
    fn insert(&mut self, webhook: &NewWebhook, now: Timestamp) -> Result<Webhook, Error>;
    /// How many there are.
    fn count(&mut self) -> Result<usize, Error>;
    /// The webhook of this id.
    fn get(&mut self, id: WebhookId) -> Result<Option<Webhook>, Error>;
    /// Webhooks, newest first; ids below `ask.after.id`, one more than the limit, where there is one.
    fn list(&mut self, ask: PageRequest) -> Result<Vec<Webhook>, Error>;
    /// Gives a webhook a new secret; the one it had stays good until then.
    fn rotate(&mut self, id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> Result<(), Error>;
    /// Ends what is sent to a webhook.
    fn disable(&mut self, id: WebhookId, now: Timestamp) -> Result<(), Error>;
    /// Lets a disabled webhook get its events again.
    ///
    /// # Errors
    /// [`Error::Changed`] where it is not disabled.
    fn enable(&mut self, id: WebhookId) -> Result<(), Error>;
    /// Removes at most so many of a webhook's deliveries, and says how many.
    fn remove_deliveries(&mut self, id: WebhookId, most: u32) -> Result<usize, Error>;
    /// Removes a webhook that has no deliveries.
    fn remove(&mut self, id: WebhookId) -> Result<(), Error>;
}
