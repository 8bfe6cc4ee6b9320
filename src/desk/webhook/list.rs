//! Lists webhooks.

use crate::model::Error;
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::Webhook;
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Returns all webhooks, newest first.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list_webhooks(unit: &mut dyn Unit, caller: &Caller, page: PageRequest) -> Result<Page<Webhook>, Error> {
    caller.require(REQUIRES)?;
    let rows = unit.webhooks().list(page)?;
    Ok(Page::from_rows(rows, page.limit, |webhook| Cursor::at_row(webhook.created_at, webhook.id.get())))
}
