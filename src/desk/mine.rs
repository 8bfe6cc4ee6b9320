//! A customer's own list.

use crate::model::page::{Ask, Cursor, Page};
use crate::model::person::{Caller, Permission};
use crate::model::ticket::Shown;
use crate::model::{CustomerId, Error, Status};
use crate::store::Unit;

/// The tickets that the customer has a part in, newest first, in one of these statuses (none: in any).
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn mine(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    statuses: &[Status],
    ask: Ask,
) -> Result<Page<Shown>, Error> {
    caller.may(Permission::Track)?;
    let rows = unit.tickets().of_customer(customer, statuses, ask)?;
    Ok(Page::cut(rows, ask.limit, |shown| Cursor::newest(shown.ticket.created_at, shown.ticket.id.get())))
}
