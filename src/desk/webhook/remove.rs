//! Removes a webhook in batches.

use super::find::{known_webhook, record_audit};
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Number of deliveries removed in one transaction, so that other writers do not wait long.
const BATCH: u32 = 1_000;

/// Disables a webhook and removes a batch of its deliveries; after the last batch, removes the webhook. Returns true
/// once the webhook is removed; until then, the caller repeats the call.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`].
pub fn remove_webhook(unit: &mut dyn Unit, caller: &Caller, id: WebhookId, now: Timestamp) -> Result<bool, Error> {
    caller.require(REQUIRES)?;
    known_webhook(unit, id)?;
    unit.webhooks().disable(id, now)?;
    let removed = unit.webhooks().remove_deliveries(id, BATCH)?;
    let is_empty = removed < BATCH as usize;
    if is_empty {
        unit.webhooks().remove(id)?;
        record_audit(unit, caller, AuditAction::WebhookRemoved, id, now)?;
    }
    Ok(is_empty)
}
