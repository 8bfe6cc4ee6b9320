//! What agents do with webhooks.

pub mod add;
pub mod enable;
pub mod list;
pub mod remove;
pub mod rotate;
pub mod trial;

use crate::model::audit::{AuditAction, Subject};
use crate::model::effects::Operation;
use crate::model::principal::Caller;
use crate::model::webhook::Webhook;
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// The webhook, which must be one of this store.
pub(super) fn known_webhook(unit: &mut dyn Unit, id: WebhookId) -> Result<Webhook, Error> {
    unit.webhooks().get(id)?.ok_or(Error::WebhookNotFound(id))
}

/// Keeps who did what to a webhook.
fn audit(
    unit: &mut dyn Unit,
    caller: &Caller,
    action: AuditAction,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<(), Error> {
    unit.trail().record(&Operation::on(action, Subject::Webhook(webhook), caller, now))?;
    Ok(())
}
