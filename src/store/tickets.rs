//! Tickets and their groups.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::pagination::{Cursor, Filter, PageRequest};
use crate::model::ticket::{NewTicket, Ticket, TicketDetails};
use crate::model::{CustomerId, Error, Status, TicketId, Timestamp};

/// Tickets and their groups.
pub trait Tickets {
    /// Writes a new ticket and gives it its id.
    fn insert(&mut self, ticket: NewTicket, now: Timestamp) -> Result<Ticket, Error>;
    /// Writes a ticket that has its id and state already.
    fn load(&mut self, ticket: &Ticket) -> Result<(), Error>;
    /// Replaces the ticket as it was read by the ticket as it is now.
    ///
    /// # Errors
    /// [`Error::Changed`] where the store's version is no longer the one that was read.
    fn update(&mut self, had: &Ticket, now: &Ticket) -> Result<(), Error>;
    /// The ticket of this id.
    fn find(&mut self, id: TicketId) -> Result<Option<Ticket>, Error>;
    /// The ticket of this id, with what it refers to (parties' participants left empty).
    fn details(&mut self, id: TicketId) -> Result<Option<TicketDetails>, Error>;
    /// A customer's own tickets and those of their groups, newest first, in one of these statuses (none: in any);
    /// one row more than the limit, where there is one.
    fn of_customer(
        &mut self,
        customer: CustomerId,
        statuses: &[Status],
        ask: PageRequest,
    ) -> Result<Vec<TicketDetails>, Error>;
    /// The tickets that pass the filter, in the order of `ask.after.sort`, each with its place there; one row more than
    /// the limit, where there is one.
    fn list(&mut self, filter: &Filter, ask: PageRequest) -> Result<Vec<(Cursor, TicketDetails)>, Error>;
}
