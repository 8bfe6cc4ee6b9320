//! Enables a webhook that was disabled.

use super::find::{audit, known_webhook};
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::{Webhook, WebhookState};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Lets a webhook get its events again whose receiver had answered that it is gone: first those that waited meanwhile.
/// One that gets its events is left as it is.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`].
pub fn enable_webhook(unit: &mut dyn Unit, caller: &Caller, id: WebhookId, now: Timestamp) -> Result<Webhook, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    match webhook.state() {
        WebhookState::Active => Ok(webhook),
        WebhookState::Disabled => {
            unit.webhooks().enable(id)?;
            audit(unit, caller, AuditAction::WebhookEnabled, id, now)?;
            Ok(Webhook { disabled_at: None, ..webhook })
        }
    }
}
