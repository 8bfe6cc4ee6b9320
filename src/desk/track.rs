//! Reads one ticket.

use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::TicketDetails;
use crate::model::{Error, TicketId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// Returns the ticket and the ride, order or booking that it references, if the caller may read it.
///
/// # Errors
/// [`Error::TicketNotFound`], also if the ticket belongs to other customers.
pub fn track(unit: &mut dyn Unit, caller: &Caller, id: TicketId) -> Result<TicketDetails, Error> {
    caller.require(REQUIRES)?;
    let details = unit.tickets().details(id)?.ok_or(Error::TicketNotFound(id))?;
    details.ticket.require_visible_to(caller)?;
    Ok(details)
}
