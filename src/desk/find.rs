//! What several use cases look up first.

use crate::model::customer::Customer;
use crate::model::principal::Caller;
use crate::model::ticket::Ticket;
use crate::model::{Code, CustomerId, Error, Message, TicketId};
use crate::store::Unit;

/// The ticket, where the caller may move it.
pub(super) fn own_ticket(unit: &mut dyn Unit, caller: &Caller, id: TicketId) -> Result<Ticket, Error> {
    let ticket = unit.tickets().find(id)?.ok_or(Error::TicketNotFound(id))?;
    ticket.require_owned_by(caller)?;
    Ok(ticket)
}

/// The customer, who must be one of this store.
pub(super) fn known_customer(unit: &mut dyn Unit, id: CustomerId) -> Result<Customer, Error> {
    unit.customers().find(id)?.ok_or_else(|| {
        Error::invalid(Code::CustomerNotFound, "", Message::new("error.customer_not_found").with("id", id))
    })
}
