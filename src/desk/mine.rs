//! A customer's own list.

use crate::model::page::{Ask, Cursor, Page, Sort};
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
    Ok(Page::cut(rows, ask.limit, |shown| place_of(shown, Sort::Created)))
}

/// Where a list in this order stands at this ticket.
pub(super) fn place_of(shown: &Shown, sort: Sort) -> Cursor {
    let ticket = &shown.ticket;
    let (level, at) = match sort {
        Sort::Created => (0, ticket.created_at),
        Sort::Updated => (0, ticket.updated_at),
        Sort::Level => (i64::from(ticket.level.get()), ticket.created_at),
    };
    Cursor { sort, level, second: at.second(), id: ticket.id.get() }
}
