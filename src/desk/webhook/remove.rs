//! Removes a webhook, a part at a time.

use super::{audit, known_webhook};
use crate::model::audit::AuditAction;
use crate::model::person::Caller;
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Unit;

/// Deliveries removed at once: others write in between.
const STRIDE: u32 = 1_000;

/// Ends what is sent to a webhook, and removes some of its deliveries, or at last itself. True when it is gone; until
/// then, this is to be called again.
///
/// # Errors
/// [`Error::WebhookNotFound`].
pub fn remove_webhook(unit: &mut dyn Unit, caller: &Caller, id: WebhookId, now: Timestamp) -> Result<bool, Error> {
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
