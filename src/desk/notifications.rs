//! A customer's own notifications, and that they have read them.

use super::find::known_customer;
use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// A page of a customer's notifications, and how many of all of them were not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// The page, newest first.
    pub page: Page<InboxItem>,
    /// How many were not read, on this page or not.
    pub unread: i64,
}

/// What became of a marking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// How many were marked now: neither those read before nor those of others.
    pub marked: usize,
    /// How many are still not read.
    pub unread: i64,
}

/// The caller's own notifications, where they are a customer, or only those not yet read, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WrongRole`] where the caller is no customer; `CUSTOMER_NOT_FOUND`.
pub fn inbox(unit: &mut dyn Unit, caller: &Caller, unread: bool, ask: PageRequest) -> Result<Inbox, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    known_customer(unit, customer)?;
    let page = page(unit, customer, unread, ask)?;
    Ok(Inbox { page, unread: unit.notifications().count_unread(customer)? })
}

/// Marks the caller's own notifications as read, once each. Those of others are as unknown as those that are not
/// there, and both are passed over.
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

/// A page of a customer's notifications, newest first.
pub(super) fn page(
    unit: &mut dyn Unit,
    customer: CustomerId,
    unread: bool,
    ask: PageRequest,
) -> Result<Page<InboxItem>, Error> {
    let rows = unit.notifications().inbox(customer, unread, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |received| Cursor::newest(received.at, received.id.get())))
}
