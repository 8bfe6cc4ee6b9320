//! Enables a webhook that was disabled.

use super::{audit, known_webhook};
use crate::model::audit::AuditAction;
use crate::model::person::Caller;
use crate::model::webhook::{Webhook, WebhookState};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Lets a webhook get its events again whose receiver had answered that it is gone: first those that waited meanwhile.
/// One that gets its events is left as it is.
///
/// # Errors
/// [`Error::WebhookNotFound`].
pub fn enable_webhook(unit: &mut dyn Unit, caller: &Caller, id: WebhookId, now: Timestamp) -> Result<Webhook, Error> {
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
