//! Lists deliveries.

use crate::desk::find::known_customer;
use crate::desk::webhook::find::known_webhook;
use crate::model::delivery::{Delivery, DeliveryFilter, Mail, WebhookEvent};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error, WebhookId};
use crate::store::Unit;

/// Returns deliveries to webhooks, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WebhookNotFound`] if the filter names an unknown webhook.
pub fn list_deliveries(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: DeliveryFilter<WebhookId>,
    page: PageRequest,
) -> Result<Page<Delivery<WebhookEvent>>, Error> {
    caller.require(Permission::ManageWebhooks)?;
    if let Some(webhook) = filter.to {
        known_webhook(unit, webhook)?;
    }
    let rows = unit.deliveries().events(filter, page)?;
    Ok(Page::from_rows(rows, page.limit, |row| Cursor::at_row(row.created_at, row.of.id.get())))
}

/// Returns mails, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND` if the filter names an unknown customer.
pub fn list_mails(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: DeliveryFilter<CustomerId>,
    page: PageRequest,
) -> Result<Page<Delivery<Mail>>, Error> {
    caller.require(Permission::ReadNotifications)?;
    if let Some(customer) = filter.to {
        known_customer(unit, customer)?;
    }
    let rows = unit.deliveries().mails(filter, page)?;
    Ok(Page::from_rows(rows, page.limit, |row| Cursor::at_row(row.created_at, row.of.id.get())))
}
