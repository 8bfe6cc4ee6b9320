//! Tickets and their groups.

use rusqlite::{Row, ToSql, params};

use super::row::{Columns, json_ids, json_words};
use super::unit::SqliteUnit;
use super::{search, sql};
use crate::model::page::{Ask, Cursor, Filter, Sort};
use crate::model::place::{Booking, Money, Order, Party, Reference, Ride};
use crate::model::ticket::{Description, NewTicket, Shown, Ticket};
use crate::model::{
    BookingId, CustomerId, Error, IssueType, OrderId, RideId, ServiceType, Status, StoreFault, TicketId, Timestamp,
};
use crate::store::Tickets;

impl Tickets for SqliteUnit<'_> {
    fn insert(&mut self, ticket: NewTicket, now: Timestamp) -> Result<Ticket, Error> {
        // The id is the store's to give: this one only stands in until it has.
        let ticket = ticket.opened(FIRST, now);
        let id = self.write_ticket(None, &ticket)?;
        let id = TicketId::new(id).ok_or_else(|| Error::store(StoreFault::Failed, "no id was given"))?;
        let ticket = Ticket { id, ..ticket };
        self.write_members(&ticket)?;
        Ok(ticket)
    }

    fn load(&mut self, ticket: &Ticket) -> Result<(), Error> {
        self.write_ticket(Some(ticket.id), ticket)?;
        self.write_members(ticket)
    }

    fn update(&mut self, had: &Ticket, now: &Ticket) -> Result<(), Error> {
        let changed = self.run(
            sql!("ticket/update"),
            params![
                had.id.get(),
                had.version,
                now.version,
                now.status.as_str(),
                now.level.get(),
                now.updated_at.second()
            ],
        )?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("ticket")) }
    }

    fn find(&mut self, id: TicketId) -> Result<Option<Ticket>, Error> {
        self.one(sql!("ticket/find"), [id.get()], |row| ticket(&mut Columns::of(row)))
    }

    fn shown(&mut self, id: TicketId) -> Result<Option<Shown>, Error> {
        self.one(sql!("ticket/shown"), [id.get()], shown)
    }

    fn of_customer(&mut self, customer: CustomerId, statuses: &[Status], ask: Ask) -> Result<Vec<Shown>, Error> {
        let statuses = json_words(statuses.iter().map(|status| status.as_str()));
        let (second, id) = (ask.after.second, ask.after.id);
        self.all(sql!("ticket/of_customer"), params![customer.get(), second, id, statuses, one_more(ask)], shown)
    }

    fn list(&mut self, filter: &Filter, ask: Ask) -> Result<Vec<Shown>, Error> {
        let narrow = Narrow::of(filter, ask);
        if !filter.customers.is_empty() {
            return narrow.of_customers(self, filter);
        }
        match (ask.after.sort, filter.statuses.as_slice()) {
            (Sort::Created, []) => narrow.walk(self, sql!("ticket/newest")),
            (Sort::Created, statuses) => narrow.in_statuses(self, statuses),
            (Sort::Updated, _) => narrow.walk(self, sql!("ticket/updated")),
            (Sort::Level, _) => narrow.by_level(self),
        }
    }
}

/// Stands in for an id that is not given yet.
const FIRST: TicketId = TicketId::new(1).expect("1 is positive");

impl SqliteUnit<'_> {
    fn write_ticket(&self, id: Option<TicketId>, ticket: &Ticket) -> Result<i64, Error> {
        self.write(
            sql!("ticket/insert"),
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
        self.run(sql!("ticket/insert_members"), params![ticket.id.get(), ticket.created_at.second(), members])?;
        Ok(())
    }
}

/// An agent's filter as the list statements take it.
struct Narrow {
    since: i64,
    until: i64,
    after: Cursor,
    statuses: Option<String>,
    services: Option<String>,
    issues: Option<String>,
    levels: Option<String>,
    words: Option<String>,
    limit: i64,
}

impl Narrow {
    fn of(filter: &Filter, ask: Ask) -> Self {
        let levels: Vec<_> = filter.levels.iter().map(ToString::to_string).collect();
        Self {
            since: filter.since.map_or(i64::MIN, Timestamp::second),
            // One second is added to it in SQL.
            until: filter.until.map_or(i64::MAX - 1, Timestamp::second),
            after: ask.after,
            statuses: json_words(filter.statuses.iter().map(|status| status.as_str())),
            services: json_words(filter.services.iter().copied().map(ServiceType::as_str)),
            issues: json_words(filter.issues.iter().copied().map(IssueType::as_str)),
            levels: (!levels.is_empty()).then(|| format!("[{}]", levels.join(","))),
            words: filter.search.as_deref().map(search::fold),
            limit: one_more(ask),
        }
    }

    /// Walks along an index of all tickets, in one of the lists' orders.
    fn walk(&self, unit: &SqliteUnit<'_>, sql: &str) -> Result<Vec<Shown>, Error> {
        unit.all(sql, &*self.params(&self.statuses), shown)
    }

    /// Walks along each status and merges: closed tickets, the most by far, cost a list of open ones nothing.
    fn in_statuses(&self, unit: &SqliteUnit<'_>, statuses: &[Status]) -> Result<Vec<Shown>, Error> {
        let mut statuses = statuses.to_vec();
        statuses.sort_unstable();
        statuses.dedup();
        let mut rows = Vec::new();
        for status in statuses {
            rows.extend(unit.all(sql!("ticket/in_status"), &*self.params(&status.as_str()), shown)?);
        }
        rows.sort_by_key(|shown| std::cmp::Reverse((shown.ticket.created_at, shown.ticket.id)));
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// Walks down the levels.
    fn by_level(&self, unit: &SqliteUnit<'_>) -> Result<Vec<Shown>, Error> {
        let mut params = self.params(&self.statuses);
        params.push(&self.after.level);
        unit.all(sql!("ticket/by_level"), &*params, shown)
    }

    /// Gathers the tickets of some customers by their index.
    fn of_customers(&self, unit: &SqliteUnit<'_>, filter: &Filter) -> Result<Vec<Shown>, Error> {
        let (customers, sort) = (json_ids(filter.customers.iter().copied()), self.after.sort.as_str());
        let mut params = self.params(&self.statuses);
        params.extend([&self.after.level as &dyn ToSql, &customers, &sort]);
        unit.all(sql!("ticket/of_customers"), &*params, shown)
    }

    /// What every list statement takes, in its order.
    fn params<'p>(&'p self, statuses: &'p dyn ToSql) -> Vec<&'p dyn ToSql> {
        vec![
            &self.since,
            &self.until,
            &self.after.second,
            &self.after.id,
            statuses,
            &self.services,
            &self.issues,
            &self.levels,
            &self.words,
            &self.limit,
        ]
    }
}

/// One row more than the page holds shows whether another page follows.
pub(super) fn one_more(ask: Ask) -> i64 {
    i64::from(ask.limit) + 1
}

/// The columns of `ticket/find`.
fn ticket(columns: &mut Columns<'_>) -> rusqlite::Result<Ticket> {
    Ok(Ticket {
        id: columns.checked("ticket id", TicketId::new)?,
        version: columns.plain()?,
        owner: columns.customer()?,
        service: columns.service()?,
        issue: columns.issue()?,
        description: columns.word("description", |text| {
            Description::new(text).ok().filter(|description| description.as_str().len() == text.len())
        })?,
        reference: Reference {
            ride: columns.checked_if_any("ride id", RideId::new)?,
            order: columns.checked_if_any("order id", OrderId::new)?,
            booking: columns.checked_if_any("booking id", BookingId::new)?,
        },
        status: columns.status()?,
        level: columns.level()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
        members: columns.customers()?,
    })
}

/// The columns of the view `shown_tickets`: a ticket's, then those of its ride, order and booking.
fn shown(row: &Row<'_>) -> rusqlite::Result<Shown> {
    let mut columns = Columns::of(row);
    let ticket = ticket(&mut columns)?;
    let party = |customer| Party { customer, participants: Vec::new() };
    let ride = match ticket.reference.ride {
        Some(id) => {
            let party = party(columns.customer()?);
            Some(Ride { id, party, pickup: columns.plain()?, dropoff: columns.plain()? })
        }
        None => columns.skip(3),
    };
    let order = match ticket.reference.order {
        Some(id) => {
            let party = party(columns.customer()?);
            Some(Order { id, party, merchant: columns.plain()?, total: money(&mut columns)? })
        }
        None => columns.skip(4),
    };
    let booking = match ticket.reference.booking {
        Some(id) => {
            let party = party(columns.customer()?);
            let (venue, starts_at) = (columns.plain()?, columns.time()?);
            Some(Booking { id, party, venue, starts_at, party_size: columns.plain()? })
        }
        None => None,
    };
    Ok(Shown { ticket, ride, order, booking })
}

/// Two columns: an amount and its currency.
pub(super) fn money(columns: &mut Columns<'_>) -> rusqlite::Result<Money> {
    let amount: String = columns.plain()?;
    columns.word("amount of money", |currency| Money::new(&amount, currency))
}
