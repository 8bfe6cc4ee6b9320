//! Lists a customer's own tickets.

use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::TicketDetails;
use crate::model::{Error, Status};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// Returns the tickets of the caller, who must be a customer, as owner or group member, newest first. An empty
/// `statuses` matches every status.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WrongRole`] if the caller is not a customer.
pub fn list_own(
    unit: &mut dyn Unit,
    caller: &Caller,
    statuses: &[Status],
    page: PageRequest,
) -> Result<Page<TicketDetails>, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    let rows = unit.tickets().of_customer(customer, statuses, page)?;
    Ok(Page::from_rows(rows, page.limit, |details| Cursor::at_row(details.ticket.created_at, details.ticket.id.get())))
}
