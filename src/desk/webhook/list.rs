//! Lists webhooks.

use crate::model::Error;
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::Webhook;
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Every webhook, newest first.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list_webhooks(unit: &mut dyn Unit, caller: &Caller, ask: PageRequest) -> Result<Page<Webhook>, Error> {
    caller.require(REQUIRES)?;
    let rows = unit.webhooks().list(ask)?;
    Ok(Page::from_rows(rows, ask.limit, |webhook| Cursor::newest(webhook.created_at, webhook.id.get())))
}
