//! Requeues deliveries.

use crate::desk::webhook::find::known_webhook;
use crate::model::audit::{AuditAction, Subject};
use crate::model::delivery::{Delivery, DeliveryKey, Mail, WebhookEvent};
use crate::model::effects::Operation;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{DeliveryId, Error, NotificationId, Timestamp};
use crate::store::Unit;

/// Makes a webhook's delivery due now, whatever its state. The message and its id stay the same; it is sent before
/// later events.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::DeliveryNotFound`], [`Error::WebhookDisabled`].
pub fn redeliver(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: DeliveryId,
    now: Timestamp,
) -> Result<Delivery<WebhookEvent>, Error> {
    caller.require(Permission::ManageWebhooks)?;
    let delivery = unit.deliveries().event(id)?.ok_or(Error::DeliveryNotFound(id))?;
    known_webhook(unit, delivery.of.webhook)?.require_enabled()?;
    let requeued = requeue(unit, DeliveryKey::Webhook(id), delivery, now)?;
    unit.operations().record(&Operation::new(AuditAction::WebhookRedelivered, Subject::Delivery(id), caller, now))?;
    Ok(requeued)
}

/// Makes a mail due now, whatever its state. The message and its id stay the same.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::MailNotFound`].
pub fn resend(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: NotificationId,
    now: Timestamp,
) -> Result<Delivery<Mail>, Error> {
    caller.require(Permission::ResendMail)?;
    let delivery = unit.deliveries().mail(id)?.ok_or(Error::MailNotFound(id))?;
    let requeued = requeue(unit, DeliveryKey::Mail(id), delivery, now)?;
    unit.operations().record(&Operation::new(AuditAction::EmailResent, Subject::Notification(id), caller, now))?;
    Ok(requeued)
}

fn requeue<T>(
    unit: &mut dyn Unit,
    key: DeliveryKey,
    delivery: Delivery<T>,
    now: Timestamp,
) -> Result<Delivery<T>, Error> {
    let attempts = delivery.attempts;
    let requeued = delivery.requeued(now);
    unit.deliveries().requeue(key, attempts, requeued.attempts, now)?;
    Ok(requeued)
}
