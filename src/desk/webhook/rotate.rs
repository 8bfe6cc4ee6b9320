//! Rotates the signing secret of a webhook.

use super::find::{known_webhook, record_audit};
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::{OLD_SECRET_LIFETIME, Webhook};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Returns the end of the overlap period of the previous secret, if a rotation now would cut that period short.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`], [`Error::WebhookDisabled`].
pub fn previous_secret_expiry(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    webhook.require_enabled()?;
    Ok(webhook.old_secret_expiry(now))
}

/// Rotates the signing secret of a webhook; the previous secret stays valid for [`OLD_SECRET_LIFETIME`]. A rotation
/// that cuts short the overlap period of an older secret requires `confirmed`.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`], [`Error::WebhookDisabled`]; [`Error::Changed`] without
/// that confirmation.
pub fn rotate_secret(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    secret: &SigningSecret,
    confirmed: bool,
    now: Timestamp,
) -> Result<Webhook, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    webhook.require_enabled()?;
    if webhook.old_secret_expiry(now).is_some() && !confirmed {
        return Err(Error::Changed("webhook"));
    }
    unit.webhooks().rotate(id, secret, now.plus(OLD_SECRET_LIFETIME))?;
    record_audit(unit, caller, AuditAction::WebhookSecretRotated, id, now)?;
    Ok(webhook.rotated(secret.clone(), now))
}
