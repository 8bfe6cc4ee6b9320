//! Adds a webhook.

use super::find::record_audit;
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::{MAX_WEBHOOKS, NewWebhook, Webhook};
use crate::model::{Code, Error, Message, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Adds a webhook that receives events from now on.
///
/// # Errors
/// [`Error::MissingPermission`]; `INVALID_WEBHOOK` if the store has [`MAX_WEBHOOKS`] webhooks.
pub fn add_webhook(
    unit: &mut dyn Unit,
    caller: &Caller,
    webhook: &NewWebhook,
    now: Timestamp,
) -> Result<Webhook, Error> {
    caller.require(REQUIRES)?;
    if unit.webhooks().count()? >= MAX_WEBHOOKS {
        let message = Message::new("validation.webhooks_many").with("most", MAX_WEBHOOKS);
        return Err(Error::invalid(Code::InvalidWebhook, "", message));
    }
    let webhook = unit.webhooks().insert(webhook, now)?;
    record_audit(unit, caller, AuditAction::WebhookAdded, webhook.id, now)?;
    Ok(webhook)
}
