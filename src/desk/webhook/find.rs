//! Looks up a webhook, and audits what is done with one.

use crate::model::audit::{AuditAction, Subject};
use crate::model::effects::Operation;
use crate::model::principal::Caller;
use crate::model::webhook::Webhook;
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// The webhook, which must be one of this store.
pub(in crate::desk) fn known_webhook(unit: &mut dyn Unit, id: WebhookId) -> Result<Webhook, Error> {
    unit.webhooks().get(id)?.ok_or(Error::WebhookNotFound(id))
}

/// Keeps who did what to a webhook.
pub(super) fn audit(
    unit: &mut dyn Unit,
    caller: &Caller,
    action: AuditAction,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<(), Error> {
    unit.operations().record(&Operation::on(action, Subject::Webhook(webhook), caller, now))?;
    Ok(())
}
