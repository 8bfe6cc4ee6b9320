//! Looks into the mails, and lets them go once more.

use super::known_customer;
use crate::model::event::{AuditAction, AuditEntry, Subject};
use crate::model::mail::posted::{MailFilter, Posted};
use crate::model::page::{Ask, Cursor, Page};
use crate::model::person::Caller;
use crate::model::{Error, NotificationId, Timestamp};
use crate::store::Unit;

/// Mails, newest first.
///
/// # Errors
/// `CUSTOMER_NOT_FOUND` where one is named.
pub fn list_mails(unit: &mut dyn Unit, filter: MailFilter, ask: Ask) -> Result<Page<Posted>, Error> {
    if let Some(customer) = filter.customer {
        known_customer(unit, customer)?;
    }
    let rows = unit.mails().list(filter, ask)?;
    Ok(Page::cut(rows, ask.limit, |mail| Cursor::newest(mail.created_at, mail.id.get())))
}

/// Lets a mail be tried now, however it stood: the same message with the same id.
///
/// # Errors
/// [`Error::MailNotFound`].
pub fn resend(unit: &mut dyn Unit, caller: &Caller, id: NotificationId, now: Timestamp) -> Result<Posted, Error> {
    let mail = unit.mails().get(id)?.ok_or(Error::MailNotFound(id))?;
    unit.mails().requeue(id, now)?;
    unit.trail().audit(&AuditEntry::of(caller, AuditAction::NotificationResent, Subject::Notification(id), now))?;
    Ok(mail.requeued(now))
}
