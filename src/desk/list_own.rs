//! A customer's own list.

use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::TicketDetails;
use crate::model::{Error, Status};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// The tickets that the caller, a customer, has a part in, newest first, in one of these statuses (none: in any).
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WrongRole`] where the caller is no customer.
pub fn list_own(
    unit: &mut dyn Unit,
    caller: &Caller,
    statuses: &[Status],
    ask: PageRequest,
) -> Result<Page<TicketDetails>, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    let rows = unit.tickets().of_customer(customer, statuses, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |details| Cursor::newest(details.ticket.created_at, details.ticket.id.get())))
}
