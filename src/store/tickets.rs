//! Tickets and their groups.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::pagination::{Cursor, PageRequest, TicketFilter};
use crate::model::ticket::{NewTicket, Ticket, TicketDetails};
use crate::model::{CustomerId, Error, Status, TicketId, Timestamp};

/// Tickets and their groups.
pub trait Tickets {
    /// Inserts a new ticket with the next id.
    fn insert(&mut self, ticket: NewTicket, now: Timestamp) -> Result<Ticket, Error>;
    /// Inserts a ticket with its own id and state.
    fn load(&mut self, ticket: &Ticket) -> Result<(), Error>;
    /// Stores version, status, level and time of update of a ticket that was read as `before`.
    ///
    /// # Errors
    /// [`Error::Changed`] if the stored version is no longer that of `before`.
    fn update(&mut self, before: &Ticket, after: &Ticket) -> Result<(), Error>;
    /// Returns the ticket with this id, if any.
    fn find(&mut self, id: TicketId) -> Result<Option<Ticket>, Error>;
    /// Returns the ticket with this id and its ride, order and booking without their participants.
    fn details(&mut self, id: TicketId) -> Result<Option<TicketDetails>, Error>;
    /// Returns the tickets that a customer owns or is a group member of, newest first, in one of these statuses (empty:
    /// in any); at most `page.limit` + 1 of them.
    fn of_customer(
        &mut self,
        customer: CustomerId,
        statuses: &[Status],
        page: PageRequest,
    ) -> Result<Vec<TicketDetails>, Error>;
    /// Returns the tickets that match the filter, in the order of `page.after.sort`, each with its cursor; at most
    /// `page.limit` + 1 of them.
    fn list(&mut self, filter: &TicketFilter, page: PageRequest) -> Result<Vec<(Cursor, TicketDetails)>, Error>;
}
