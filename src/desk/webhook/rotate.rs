//! Gives a webhook a new secret.

use super::known_webhook;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{ROTATION, Webhook};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Gives a webhook a new secret; the one it had signs beside it for a day.
///
/// # Errors
/// [`Error::WebhookNotFound`], [`Error::WebhookDisabled`].
pub fn rotate_secret(
    unit: &mut dyn Unit,
    id: WebhookId,
    secret: &SigningSecret,
    now: Timestamp,
) -> Result<Webhook, Error> {
    known_webhook(unit, id)?.gets_events()?;
    unit.webhooks().rotate(id, secret, now.plus(ROTATION))?;
    known_webhook(unit, id)
}
