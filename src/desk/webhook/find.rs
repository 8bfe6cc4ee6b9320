//! Looks up webhooks and records audit entries about them.

use crate::model::audit::{AuditAction, Subject};
use crate::model::effects::Operation;
use crate::model::principal::Caller;
use crate::model::webhook::Webhook;
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Returns the webhook, or an error if the store has no such webhook.
pub(in crate::desk) fn known_webhook(unit: &mut dyn Unit, id: WebhookId) -> Result<Webhook, Error> {
    unit.webhooks().get(id)?.ok_or(Error::WebhookNotFound(id))
}

/// Records an audit entry about a webhook.
pub(super) fn record_audit(
    unit: &mut dyn Unit,
    caller: &Caller,
    action: AuditAction,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<(), Error> {
    unit.operations().record(&Operation::new(action, Subject::Webhook(webhook), caller, now))?;
    Ok(())
}
