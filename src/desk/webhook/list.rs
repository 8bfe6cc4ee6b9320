//! Lists webhooks and their deliveries.

use super::known_webhook;
use crate::model::Error;
use crate::model::page::{Ask, Cursor, Page};
use crate::model::webhook::Webhook;
use crate::model::webhook::delivery::{Delivery, DeliveryFilter};
use crate::store::Unit;

/// Every webhook, newest first.
///
/// # Errors
/// Those of the store.
pub fn list_webhooks(unit: &mut dyn Unit, ask: Ask) -> Result<Page<Webhook>, Error> {
    let rows = unit.webhooks().list(ask)?;
    Ok(Page::cut(rows, ask.limit, |webhook| Cursor::newest(webhook.created_at, webhook.id.get())))
}

/// Deliveries, newest first.
///
/// # Errors
/// [`Error::WebhookNotFound`] where one is named.
pub fn list_deliveries(unit: &mut dyn Unit, filter: DeliveryFilter, ask: Ask) -> Result<Page<Delivery>, Error> {
    if let Some(webhook) = filter.webhook {
        known_webhook(unit, webhook)?;
    }
    let rows = unit.webhooks().deliveries(filter, ask)?;
    Ok(Page::cut(rows, ask.limit, |delivery| Cursor::newest(delivery.created_at, delivery.id.get())))
}
