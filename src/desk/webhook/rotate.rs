//! Gives a webhook a new secret.

use super::{audit, known_webhook};
use crate::model::audit::AuditAction;
use crate::model::person::Caller;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{ROTATION, Webhook};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Until when a secret is promised to be good that a rotation now would end.
///
/// # Errors
/// [`Error::WebhookNotFound`], [`Error::WebhookDisabled`].
pub fn promised_secret(unit: &mut dyn Unit, id: WebhookId, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let webhook = known_webhook(unit, id)?;
    webhook.gets_events()?;
    Ok(webhook.promised(now))
}

/// Gives a webhook a new secret; the one it had signs beside it for a day. A secret from before, which is still promised
/// to be good, ends only where that is `agreed`.
///
/// # Errors
/// [`Error::WebhookNotFound`], [`Error::WebhookDisabled`]; [`Error::Changed`] for what was not agreed.
pub fn rotate_secret(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    secret: &SigningSecret,
    agreed: bool,
    now: Timestamp,
) -> Result<Webhook, Error> {
    let webhook = known_webhook(unit, id)?;
    webhook.gets_events()?;
    if webhook.promised(now).is_some() && !agreed {
        return Err(Error::Changed("webhook"));
    }
    unit.webhooks().rotate(id, secret, now.plus(ROTATION))?;
    audit(unit, caller, AuditAction::WebhookSecretRotated, id, now)?;
    Ok(webhook.rotated(secret.clone(), now))
}
