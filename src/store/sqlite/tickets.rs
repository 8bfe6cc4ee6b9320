//! Tickets and their groups.

use std::cmp::Reverse;

use rusqlite::{Row, params};

use super::row::{Columns, json_ids, json_words};
use super::sql;
use super::unit::SqliteUnit;
use crate::model::pagination::{Cursor, PageRequest, TicketFilter};
use crate::model::reference::{Booking, Money, Order, Participants, Reference, Ride};
use crate::model::ticket::{Description, NewTicket, Ticket, TicketDetails};
use crate::model::{BookingId, CustomerId, Error, OrderId, RideId, Status, StoreError, TicketId, Timestamp};
use crate::store::Tickets;

impl Tickets for SqliteUnit<'_> {
    fn insert(&mut self, ticket: NewTicket, now: Timestamp) -> Result<Ticket, Error> {
        // The database assigns the id; this one is a placeholder.
        let ticket = ticket.into_ticket(PLACEHOLDER_ID, now);
        let id = self.write_ticket(None, &ticket)?;
        let id = TicketId::new(id).ok_or_else(|| Error::store(StoreError::Failed, "no id was given"))?;
        let ticket = Ticket { id, ..ticket };
        self.write_members(&ticket)?;
        self.index_new_ticket(id)?;
        Ok(ticket)
    }

    fn load(&mut self, ticket: &Ticket) -> Result<(), Error> {
        self.write_ticket(Some(ticket.id), ticket)?;
        self.write_members(ticket)?;
        self.index_loaded_ticket(ticket.id)
    }

    fn update(&mut self, before: &Ticket, after: &Ticket) -> Result<(), Error> {
        let changed = self.execute(
            sql!("tickets/update"),
            params![
                before.id.get(),
                before.version,
                after.version,
                after.status.as_str(),
                after.level.get(),
                after.updated_at.second()
            ],
        )?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("ticket")) }
    }

    fn find(&mut self, id: TicketId) -> Result<Option<Ticket>, Error> {
        self.query_optional(sql!("tickets/find"), [id.get()], |row| ticket(&mut Columns::new(row)))
    }

    fn details(&mut self, id: TicketId) -> Result<Option<TicketDetails>, Error> {
        self.query_optional(sql!("tickets/details"), [id.get()], details)
    }

    fn of_customer(
        &mut self,
        customer: CustomerId,
        statuses: &[Status],
        page: PageRequest,
    ) -> Result<Vec<TicketDetails>, Error> {
        self.newest_of((customer, true), statuses, i64::MIN, (page.after.second, page.after.id), limit_plus_one(page))
    }

    fn list(&mut self, filter: &TicketFilter, page: PageRequest) -> Result<Vec<(Cursor, TicketDetails)>, Error> {
        self.list_tickets(filter, page)
    }
}

/// Placeholder for an id that is not assigned yet.
const PLACEHOLDER_ID: TicketId = TicketId::new(1).expect("1 is positive");

impl SqliteUnit<'_> {
    /// Returns a customer's newest tickets, with those of their groups if `groups` is true.
    pub(super) fn newest_of(
        &self,
        (customer, groups): (CustomerId, bool),
        statuses: &[Status],
        since: i64,
        (before, id): (i64, i64),
        limit: i64,
    ) -> Result<Vec<TicketDetails>, Error> {
        let statuses = json_words(statuses.iter().map(|status| status.as_str()));
        let params = params![customer.get(), before, id, statuses, limit, since, groups];
        let mut newest = self.query_all(sql!("tickets/of_customer"), params, details)?;
        // Sorted here, since SQLite would copy each row once more.
        newest.sort_by_key(|details| Reverse((details.ticket.created_at, details.ticket.id)));
        Ok(newest)
    }

    fn write_ticket(&self, id: Option<TicketId>, ticket: &Ticket) -> Result<i64, Error> {
        self.insert_returning_id(
            sql!("tickets/insert"),
            params![
                id.map(TicketId::get),
                ticket.version,
                ticket.owner.get(),
                ticket.service.as_str(),
                ticket.issue.as_str(),
                ticket.description.as_str(),
                ticket.reference.ride.map(RideId::get),
                ticket.reference.order.map(OrderId::get),
                ticket.reference.booking.map(BookingId::get),
                ticket.status.as_str(),
                ticket.level.get(),
                ticket.created_at.second(),
                ticket.updated_at.second(),
            ],
        )
    }

    fn write_members(&self, ticket: &Ticket) -> Result<(), Error> {
        if ticket.members.is_empty() {
            return Ok(());
        }
        let members = json_ids(ticket.members.iter().copied());
        self.execute(sql!("tickets/insert_members"), params![ticket.id.get(), ticket.created_at.second(), members])?;
        Ok(())
    }
}

/// Returns the page's limit plus one: an extra row shows that another page follows.
pub(super) fn limit_plus_one(page: PageRequest) -> i64 {
    i64::from(page.limit) + 1
}

/// Reads the columns of `tickets/find`.
fn ticket(columns: &mut Columns<'_>) -> rusqlite::Result<Ticket> {
    Ok(Ticket {
        id: columns.parse("ticket id", TicketId::new)?,
        version: columns.value()?,
        owner: columns.customer()?,
        service: columns.service()?,
        issue: columns.issue()?,
        description: columns.parse_text("description", |text| {
            Description::new(text).ok().filter(|description| description.as_str().len() == text.len())
        })?,
        reference: Reference {
            ride: columns.parse_optional("ride id", RideId::new)?,
            order: columns.parse_optional("order id", OrderId::new)?,
            booking: columns.parse_optional("booking id", BookingId::new)?,
        },
        status: columns.status()?,
        level: columns.level()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
        members: columns.customers()?,
    })
}

/// Reads the columns of the view `ticket_details`: a ticket's, then those of its ride, order and booking.
pub(super) fn details(row: &Row<'_>) -> rusqlite::Result<TicketDetails> {
    let mut columns = Columns::new(row);
    let ticket = ticket(&mut columns)?;
    let party = |customer| Participants { customer, participants: Vec::new() };
    let ride = match ticket.reference.ride {
        Some(id) => {
            let party = party(columns.customer()?);
            Some(Ride { id, party, pickup: columns.value()?, dropoff: columns.value()? })
        }
        None => columns.skip(3),
    };
    let order = match ticket.reference.order {
        Some(id) => {
            let party = party(columns.customer()?);
            Some(Order { id, party, merchant: columns.value()?, total: money(&mut columns)? })
        }
        None => columns.skip(4),
    };
    let booking = match ticket.reference.booking {
        Some(id) => {
            let party = party(columns.customer()?);
            let (venue, starts_at) = (columns.value()?, columns.time()?);
            Some(Booking { id, party, venue, starts_at, party_size: columns.value()? })
        }
        None => None,
    };
    Ok(TicketDetails { ticket, ride, order, booking })
}

/// Reads two columns: an amount and its currency.
pub(super) fn money(columns: &mut Columns<'_>) -> rusqlite::Result<Money> {
    let amount: String = columns.value()?;
    columns.parse_text("amount of money", |currency| Money::new(&amount, currency))
}
