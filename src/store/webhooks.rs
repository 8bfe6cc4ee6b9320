//! Webhooks.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::pagination::PageRequest;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{NewWebhook, Webhook};
use crate::model::{Error, Timestamp, WebhookId};

/// Webhooks.
pub trait Webhooks {
    /// Inserts a webhook, which receives later events only.
    fn insert(&mut self, webhook: &NewWebhook, now: Timestamp) -> Result<Webhook, Error>;
    /// Returns the number of webhooks.
    fn count(&mut self) -> Result<usize, Error>;
    /// Returns the webhook with this id, if any.
    fn get(&mut self, id: WebhookId) -> Result<Option<Webhook>, Error>;
    /// Returns webhooks, newest first, with ids below `page.after.id`; at most `page.limit` + 1 of them.
    fn list(&mut self, page: PageRequest) -> Result<Vec<Webhook>, Error>;
    /// Replaces a webhook's secret. The old secret stays valid until `old_until`.
    fn rotate(&mut self, id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> Result<(), Error>;
    /// Disables a webhook.
    fn disable(&mut self, id: WebhookId, now: Timestamp) -> Result<(), Error>;
    /// Enables a disabled webhook.
    ///
    /// # Errors
    /// [`Error::Changed`] if it is not disabled.
    fn enable(&mut self, id: WebhookId) -> Result<(), Error>;
    /// Deletes a webhook's deliveries, at most `limit` of them. Returns their number.
    fn remove_deliveries(&mut self, id: WebhookId, limit: u32) -> Result<usize, Error>;
    /// Deletes a webhook that has no deliveries.
    fn remove(&mut self, id: WebhookId) -> Result<(), Error>;
}
