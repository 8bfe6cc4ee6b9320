//! A customer's own list.

use crate::model::page::{Ask, Cursor, Page};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::Shown;
use crate::model::{Error, Status};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// The tickets that the caller, a customer, has a part in, newest first, in one of these statuses (none: in any).
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WrongRole`] where the caller is no customer.
pub fn mine(unit: &mut dyn Unit, caller: &Caller, statuses: &[Status], ask: Ask) -> Result<Page<Shown>, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    let rows = unit.tickets().of_customer(customer, statuses, ask)?;
    Ok(Page::cut(rows, ask.limit, |shown| Cursor::newest(shown.ticket.created_at, shown.ticket.id.get())))
}
