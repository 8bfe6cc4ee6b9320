//! Lookups that several use cases share.

use crate::model::customer::Customer;
use crate::model::principal::Caller;
use crate::model::ticket::Ticket;
use crate::model::{Code, CustomerId, Error, Message, TicketId};
use crate::store::Unit;

/// Returns the ticket if the caller may change it.
pub(super) fn own_ticket(unit: &mut dyn Unit, caller: &Caller, id: TicketId) -> Result<Ticket, Error> {
    let ticket = unit.tickets().find(id)?.ok_or(Error::TicketNotFound(id))?;
    ticket.require_changeable_by(caller)?;
    Ok(ticket)
}

/// Returns the customer, or `CUSTOMER_NOT_FOUND` if the store has no such customer.
pub(super) fn known_customer(unit: &mut dyn Unit, id: CustomerId) -> Result<Customer, Error> {
    unit.customers().find(id)?.ok_or_else(|| {
        Error::invalid(Code::CustomerNotFound, "", Message::new("error.customer_not_found").with("id", id))
    })
}
