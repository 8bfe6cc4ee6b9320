//! Removes a webhook, a part at a time.

use super::find::{audit, known_webhook};
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Deliveries removed at once: others write in between.
const STRIDE: u32 = 1_000;

/// Ends what is sent to a webhook, and removes some of its deliveries, or at last itself. True when it is gone; until
/// then, this is to be called again.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`].
pub fn remove_webhook(unit: &mut dyn Unit, caller: &Caller, id: WebhookId, now: Timestamp) -> Result<bool, Error> {
    caller.require(REQUIRES)?;
    known_webhook(unit, id)?;
    unit.webhooks().disable(id, now)?;
    let removed = unit.webhooks().remove_deliveries(id, STRIDE)?;
    let gone = removed < STRIDE as usize;
    if gone {
        unit.webhooks().remove(id)?;
        audit(unit, caller, AuditAction::WebhookRemoved, id, now)?;
    }
    Ok(gone)
}
