//! Gives a webhook a new secret.

use super::find::{audit, known_webhook};
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{ROTATION, Webhook};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Until when a secret is promised to be good that a rotation now would end.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`], [`Error::WebhookDisabled`].
pub fn promised_secret(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    webhook.gets_events()?;
    Ok(webhook.promised(now))
}

/// Gives a webhook a new secret; the one it had signs beside it for a day. A secret from before, which is still promised
/// to be good, ends only where that is `agreed`.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`], [`Error::WebhookDisabled`]; [`Error::Changed`] for what was not agreed.
pub fn rotate_secret(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    secret: &SigningSecret,
    agreed: bool,
    now: Timestamp,
) -> Result<Webhook, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    webhook.gets_events()?;
    if webhook.promised(now).is_some() && !agreed {
        return Err(Error::Changed("webhook"));
    }
    unit.webhooks().rotate(id, secret, now.plus(ROTATION))?;
    audit(unit, caller, AuditAction::WebhookSecretRotated, id, now)?;
    Ok(webhook.rotated(secret.clone(), now))
}
