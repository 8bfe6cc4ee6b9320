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

/// A customer's notifications, or only those not yet read, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn list_notifications(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    unread: bool,
    ask: PageRequest,
) -> Result<Page<InboxItem>, Error> {
    caller.require(REQUIRES)?;
    known_customer(unit, customer)?;
    notifications::page(unit, customer, unread, ask)
}
