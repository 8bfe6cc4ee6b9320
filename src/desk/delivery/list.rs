//! Lists deliveries.

use crate::desk::find::known_customer;
use crate::desk::webhook::find::known_webhook;
use crate::model::delivery::{Delivery, DeliveryFilter, Mail, WebhookEvent};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error, WebhookId};
use crate::store::Unit;

/// Webhooks' deliveries, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WebhookNotFound`] where one is named.
pub fn list_deliveries(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: DeliveryFilter<WebhookId>,
    ask: PageRequest,
) -> Result<Page<Delivery<WebhookEvent>>, Error> {
    caller.require(Permission::ManageWebhooks)?;
    if let Some(webhook) = filter.to {
        known_webhook(unit, webhook)?;
    }
    let rows = unit.deliveries().events(filter, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |row| Cursor::newest(row.created_at, row.of.id.get())))
}

/// Mails, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND` where one is named.
pub fn list_mails(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: DeliveryFilter<CustomerId>,
    ask: PageRequest,
) -> Result<Page<Delivery<Mail>>, Error> {
    caller.require(Permission::ReadNotifications)?;
    if let Some(customer) = filter.to {
        known_customer(unit, customer)?;
    }
    let rows = unit.deliveries().mails(filter, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |row| Cursor::newest(row.created_at, row.of.id.get())))
}
