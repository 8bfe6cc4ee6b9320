//! Lets deliveries be tried once more.

use crate::desk::webhook::find::known_webhook;
use crate::model::audit::{AuditAction, Subject};
use crate::model::delivery::{Delivery, DeliveryKey, Mail, WebhookEvent};
use crate::model::effects::Operation;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{DeliveryId, Error, NotificationId, Timestamp};
use crate::store::Unit;

/// Lets a webhook's delivery be tried now, however it stood: the same message with the same id, before the later events.
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
    let had = unit.deliveries().event(id)?.ok_or(Error::DeliveryNotFound(id))?;
    known_webhook(unit, had.of.webhook)?.gets_events()?;
    let requeued = requeue(unit, DeliveryKey::Webhook(id), had, now)?;
    unit.operations().record(&Operation::on(AuditAction::WebhookRedelivered, Subject::Delivery(id), caller, now))?;
    Ok(requeued)
}

/// Lets a mail be tried now, however it stood: the same message with the same id.
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
    let had = unit.deliveries().mail(id)?.ok_or(Error::MailNotFound(id))?;
    let requeued = requeue(unit, DeliveryKey::Mail(id), had, now)?;
    unit.operations().record(&Operation::on(AuditAction::EmailResent, Subject::Notification(id), caller, now))?;
    Ok(requeued)
}

fn requeue<T>(unit: &mut dyn Unit, key: DeliveryKey, had: Delivery<T>, now: Timestamp) -> Result<Delivery<T>, Error> {
    let attempts = had.attempts;
    let requeued = had.requeued(now);
    unit.deliveries().requeue(key, attempts, requeued.attempts, now)?;
    Ok(requeued)
}
