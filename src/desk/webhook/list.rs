//! Lists webhooks.

use crate::model::Error;
use crate::model::page::{Ask, Cursor, Page};
use crate::model::webhook::Webhook;
use crate::store::Unit;

/// Every webhook, newest first.
///
/// # Errors
/// Those of the store.
pub fn list_webhooks(unit: &mut dyn Unit, ask: Ask) -> Result<Page<Webhook>, Error> {
    let rows = unit.webhooks().list(ask)?;
    Ok(Page::cut(rows, ask.limit, |webhook| Cursor::newest(webhook.created_at, webhook.id.get())))
}
