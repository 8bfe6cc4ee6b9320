//! Gives a webhook a new secret.

use super::{audit, known_webhook};
use crate::model::event::AuditAction;
use crate::model::person::Caller;
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
    caller: &Caller,
    id: WebhookId,
    secret: &SigningSecret,
    now: Timestamp,
) -> Result<Webhook, Error> {
    known_webhook(unit, id)?.gets_events()?;
    unit.webhooks().rotate(id, secret, now.plus(ROTATION))?;
    audit(unit, caller, AuditAction::WebhookSecretRotated, id, now)?;
    known_webhook(unit, id)
}
