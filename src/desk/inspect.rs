//! Reads everything about one ticket.

use crate::model::customer::Customer;
use crate::model::history::HistoryLine;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::TicketDetails;
use crate::model::{Error, TicketId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::InspectTicket;

/// Ticket with its customers and its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketReport {
    /// Ticket and the ride, order or booking that it references.
    pub details: TicketDetails,
    /// Owner of the ticket, then the members of its group, as far as the store has them.
    pub customers: Vec<Customer>,
    /// Records of the ticket in the order of its operations.
    pub history: Vec<HistoryLine>,
}

/// Reads everything about a ticket from one snapshot.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::TicketNotFound`].
pub fn inspect(unit: &mut dyn Unit, caller: &Caller, id: TicketId) -> Result<TicketReport, Error> {
    caller.require(REQUIRES)?;
    let details = unit.tickets().details(id)?.ok_or(Error::TicketNotFound(id))?;
    let mut customers = Vec::with_capacity(1 + details.ticket.members.len());
    for customer in std::iter::once(details.ticket.owner).chain(details.ticket.members.iter().copied()) {
        customers.extend(unit.customers().find(customer)?);
    }
    let mut history = unit.operations().history(id)?;
    history.sort_by_key(|line| (line.audit, line.entry.rank()));
    Ok(TicketReport { details, customers, history })
}
