//! The use cases, one a file. Each is a function over a unit of work: it opens no transaction, reads no clock,
//! knows no HTTP and no table.

pub mod audit;
pub mod authenticate;
pub mod balance;
pub mod close;
pub mod create;
pub mod delivery;
mod effects;
pub mod escalate;
pub mod events;
pub mod examine;
pub mod generate;
pub mod grant_points;
pub mod inspect;
pub mod issue_token;
pub mod list;
pub mod list_notifications;
pub mod load_fixtures;
pub mod mine;
pub mod notifications;
pub mod once;
pub mod retire;
pub mod revoke_token;
pub mod track;
pub mod webhook;

pub use effects::Outcome;

use crate::model::person::Customer;
use crate::model::principal::Caller;
use crate::model::ticket::Ticket;
use crate::model::{Code, CustomerId, Error, Message, TicketId};
use crate::store::Unit;

/// The ticket, where the caller may move it.
fn own_ticket(unit: &mut dyn Unit, caller: &Caller, id: TicketId) -> Result<Ticket, Error> {
    let ticket = unit.tickets().find(id)?.ok_or(Error::TicketNotFound(id))?;
    ticket.moves_for(caller)?;
    Ok(ticket)
}

/// The customer, who must be one of this store.
fn known_customer(unit: &mut dyn Unit, id: CustomerId) -> Result<Customer, Error> {
    unit.people().customer(id)?.ok_or_else(|| {
        Error::invalid(Code::CustomerNotFound, "", Message::new("error.customer_not_found").with("id", id))
    })
}
