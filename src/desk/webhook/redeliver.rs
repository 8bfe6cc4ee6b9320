//! Delivers an event once more.

use super::known_webhook;
use crate::model::event::{AuditAction, AuditEntry, Subject};
use crate::model::person::Caller;
use crate::model::webhook::delivery::Delivery;
use crate::model::{DeliveryId, Error, Timestamp};
use crate::store::Unit;

/// Lets a delivery be tried now, however it stood: the same message with the same id, before the later events.
///
/// # Errors
/// [`Error::DeliveryNotFound`], [`Error::WebhookDisabled`].
pub fn redeliver(unit: &mut dyn Unit, caller: &Caller, id: DeliveryId, now: Timestamp) -> Result<Delivery, Error> {
    let delivery = unit.webhooks().delivery(id)?.ok_or(Error::DeliveryNotFound(id))?;
    known_webhook(unit, delivery.webhook)?.gets_events()?;
    unit.webhooks().requeue(id, now)?;
    unit.trail().audit(&AuditEntry::of(caller, AuditAction::WebhookRedelivered, Subject::Delivery(id), now))?;
    Ok(delivery.requeued(now))
}
