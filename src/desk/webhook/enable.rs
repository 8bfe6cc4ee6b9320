//! Enables a disabled webhook.

use super::find::{known_webhook, record_audit};
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::{Webhook, WebhookState};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Enables a webhook that was disabled by a 410 response; pending events are delivered first. Has no effect on an
/// active webhook.
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
            record_audit(unit, caller, AuditAction::WebhookEnabled, id, now)?;
            Ok(Webhook { disabled_at: None, ..webhook })
        }
    }
}
