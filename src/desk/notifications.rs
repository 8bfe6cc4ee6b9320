//! What a customer was told, and that they have read it.

use super::known_customer;
use crate::model::inbox::{Marking, Received};
use crate::model::page::{Ask, Cursor, Page};
use crate::model::person::{Caller, Permission};
use crate::model::{CustomerId, Error, Timestamp};
use crate::store::Unit;

/// A page of a customer's notifications, and how many of all of them were not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// The page, newest first.
    pub page: Page<Received>,
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

/// The customer's notifications, or only those not yet read, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn inbox(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    unread: bool,
    ask: Ask,
) -> Result<Inbox, Error> {
    caller.may(Permission::Track)?;
    known_customer(unit, customer)?;
    let rows = unit.trail().inbox(customer, unread, ask)?;
    let page = Page::cut(rows, ask.limit, |received| Cursor::newest(received.at, received.id.get()));
    Ok(Inbox { page, unread: unit.trail().unread(customer)? })
}

/// Marks the customer's own notifications as read, once each. Those of others are as unknown as those that are not
/// there, and both are passed over.
///
/// # Errors
/// As [`inbox`].
pub fn mark_read(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    marking: &Marking,
    now: Timestamp,
) -> Result<Marked, Error> {
    caller.may(Permission::Track)?;
    known_customer(unit, customer)?;
    let unread = unit.trail().unread(customer)?;
    let marked = unit.trail().mark_read(customer, marking, now)?;
    Ok(Marked { marked, unread: unread.saturating_sub_unsigned(marked as u64) })
}
