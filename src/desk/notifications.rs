//! Lists a customer's own notifications and marks them as read.

use super::find::known_customer;
use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// Page of a customer's notifications, and the number of unread ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Notifications, newest first.
    pub page: Page<InboxItem>,
    /// Number of unread notifications, on this page or not.
    pub unread: i64,
}

/// Result of marking notifications as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// Number of notifications marked now, without those read before and those of other customers.
    pub marked: usize,
    /// Number of notifications that are still unread.
    pub unread: i64,
}

/// Returns the notifications of the caller, who must be a customer, newest first; only unread ones if `unread` is true.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WrongRole`] if the caller is not a customer; `CUSTOMER_NOT_FOUND`.
pub fn inbox(unit: &mut dyn Unit, caller: &Caller, unread: bool, page: PageRequest) -> Result<Inbox, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    known_customer(unit, customer)?;
    let page = read_page(unit, customer, unread, page)?;
    Ok(Inbox { page, unread: unit.notifications().count_unread(customer)? })
}

/// Marks the caller's own notifications as read. Skips notifications that do not exist or belong to other customers.
///
/// # Errors
/// As [`inbox`].
pub fn mark_read(
    unit: &mut dyn Unit,
    caller: &Caller,
    marking: &ReadSelection,
    now: Timestamp,
) -> Result<Marked, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    known_customer(unit, customer)?;
    let unread = unit.notifications().count_unread(customer)?;
    let marked = unit.notifications().mark_read(customer, marking, now)?;
    Ok(Marked { marked, unread: unread.saturating_sub_unsigned(marked as u64) })
}

/// Reads a page of a customer's notifications, newest first.
pub(super) fn read_page(
    unit: &mut dyn Unit,
    customer: CustomerId,
    unread: bool,
    page: PageRequest,
) -> Result<Page<InboxItem>, Error> {
    let rows = unit.notifications().inbox(customer, unread, page)?;
    Ok(Page::from_rows(rows, page.limit, |received| Cursor::at_row(received.at, received.id.get())))
}
