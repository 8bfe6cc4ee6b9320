//! Lists any customer's notifications, for an agent.

use super::find::known_customer;
use super::notifications;
use crate::model::inbox::InboxItem;
use crate::model::pagination::{Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadNotifications;

/// Returns a customer's notifications, newest first; only unread ones if `unread` is true.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn list_notifications(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    unread: bool,
    page: PageRequest,
) -> Result<Page<InboxItem>, Error> {
    caller.require(REQUIRES)?;
    known_customer(unit, customer)?;
    notifications::read_page(unit, customer, unread, page)
}
