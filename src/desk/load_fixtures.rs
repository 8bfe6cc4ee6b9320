//! Loads a fixture: all of it, or nothing. Loading it again changes nothing.

use crate::model::effects::Operation;
use crate::model::fixture::{Compare, Fixture, Mention, Mentioned, Mentions, differences};
use crate::model::permission::Permission;
use crate::model::place::Place;
use crate::model::principal::Caller;
use crate::model::ticket::Ticket;
use crate::model::{Code, Error, Fault, Message};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::LoadFixtures;

/// How many rows of one list were written, and how many stood there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Written now.
    pub loaded: usize,
    /// There before, the same.
    pub unchanged: usize,
}

/// What was loaded, list by list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Customers.
    pub customers: Tally,
    /// Rides.
    pub rides: Tally,
    /// Orders.
    pub orders: Tally,
    /// Bookings.
    pub bookings: Tally,
    /// Tickets.
    pub tickets: Tally,
}

impl Loaded {
    /// Whether anything was written.
    pub fn changed(&self) -> bool {
        [self.customers, self.rides, self.orders, self.bookings, self.tickets].iter().any(|tally| tally.loaded > 0)
    }
}

/// Writes every row that is not in the store yet. A ticket that went on since it was loaded stays as it is now.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::InvalidFixture`] with the place of every fault: what the file's own text shows, each row that stands in the
/// store with other values, and each name that is neither in the file nor in the store.
pub fn load_fixtures(unit: &mut dyn Unit, caller: &Caller, fixture: &Fixture) -> Result<Loaded, Error> {
    caller.require(REQUIRES)?;
    let mut faults = fixture.faults.clone();
    let mut loaded = Loaded::default();
    let customers =
        sort_out(&fixture.customers, &mut faults, &mut loaded.customers, |row| unit.people().customer(row.id))?;
    let rides = sort_out(&fixture.rides, &mut faults, &mut loaded.rides, |row| unit.people().ride(row.id))?;
    let orders = sort_out(&fixture.orders, &mut faults, &mut loaded.orders, |row| unit.people().order(row.id))?;
    let bookings = sort_out(&fixture.bookings, &mut faults, &mut loaded.bookings, |row| unit.people().booking(row.id))?;
    let tickets = sort_out(&fixture.tickets, &mut faults, &mut loaded.tickets, |row| unit.tickets().find(row.id))?;
    faults.extend(strangers(unit, &fixture.mentions)?);
    refuse(faults)?;
    customers.into_iter().try_for_each(|customer| unit.people().insert_customer(customer))?;
    rides.into_iter().try_for_each(|ride| unit.people().insert_ride(ride))?;
    orders.into_iter().try_for_each(|order| unit.people().insert_order(order))?;
    bookings.into_iter().try_for_each(|booking| unit.people().insert_booking(booking))?;
    tickets.into_iter().try_for_each(|ticket| load_ticket(unit, ticket))?;
    Ok(loaded)
}

/// The rows that are to be written; each member that stands in the store with another value is a fault.
fn sort_out<'f, T: Compare>(
    rows: &'f [(usize, T)],
    faults: &mut Vec<Fault>,
    tally: &mut Tally,
    mut stored: impl FnMut(&T) -> Result<Option<T>, Error>,
) -> Result<Vec<&'f T>, Error> {
    let mut new = Vec::new();
    for (index, row) in rows {
        let Some(stored) = stored(row)? else {
            new.push(row);
            continue;
        };
        let found = differences(*index, &stored, row);
        if found.is_empty() {
            tally.unchanged += 1;
        }
        faults.extend(found);
    }
    tally.loaded = new.len();
    Ok(new)
}

/// Writes a ticket with the audit entries that its state implies; no award, notification or event.
fn load_ticket(unit: &mut dyn Unit, ticket: &Ticket) -> Result<(), Error> {
    unit.tickets().load(ticket)?;
    for operation in Operation::implied_by(ticket) {
        unit.trail().record(&operation)?;
    }
    Ok(())
}

/// Refuses a fixture that could not be loaded into an empty store, without one.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::InvalidFixture`] with the place of every fault.
pub fn check_alone(fixture: &Fixture) -> Result<(), Error> {
    let mut faults = fixture.faults.clone();
    for mention in &fixture.mentions.named {
        let here = match mention.what {
            Mentioned::Customer(id) => fixture.mentions.has_customer(id),
            Mentioned::Place(place, owner) => fixture.mentions.had_part(place, owner).unwrap_or(false),
        };
        if !here {
            let there =
                matches!(mention.what, Mentioned::Place(place, _) if fixture.mentions.had_part(place, None).is_some());
            faults.push(stranger(mention, there));
        }
    }
    refuse(faults)
}

/// Notes every name of a row that is neither in the file nor in the store, or a place its customer had no part in.
fn strangers(unit: &mut dyn Unit, mentions: &Mentions) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    for mention in &mentions.named {
        match mention.what {
            Mentioned::Customer(id) => {
                if !mentions.has_customer(id) && unit.people().customer(id)?.is_none() {
                    faults.push(stranger(mention, false));
                }
            }
            Mentioned::Place(place, owner) => {
                let had_part = match (mentions.had_part(place, owner), owner) {
                    (Some(had_part), _) => had_part,
                    (None, Some(owner)) => unit.people().had_part(owner, place)?,
                    (None, None) => is_there(unit, place)?,
                };
                if !had_part {
                    let there = mentions.had_part(place, None).is_some() || is_there(unit, place)?;
                    faults.push(stranger(mention, there));
                }
            }
        }
    }
    Ok(faults)
}

/// Whether the store has this ride, order or booking.
pub(super) fn is_there(unit: &mut dyn Unit, place: Place) -> Result<bool, Error> {
    Ok(match place {
        Place::Ride(id) => unit.people().ride(id)?.is_some(),
        Place::Order(id) => unit.people().order(id)?.is_some(),
        Place::Booking(id) => unit.people().booking(id)?.is_some(),
    })
}

/// What is wrong with a name: it is nowhere, or `there`, and its customer had no part in it.
fn stranger(mention: &Mention, there: bool) -> Fault {
    let message = match mention.what {
        Mentioned::Customer(id) => Message::new("fault.customer_not_here").with("id", id),
        Mentioned::Place(place, owner) => {
            let (nowhere, no_part, id) = match place {
                Place::Ride(id) => ("fault.ride_not_here", "fault.ride_no_part", id.get()),
                Place::Order(id) => ("fault.order_not_here", "fault.order_no_part", id.get()),
                Place::Booking(id) => ("fault.booking_not_here", "fault.booking_no_part", id.get()),
            };
            match owner {
                Some(owner) if there => Message::new(no_part).with("id", id).with("customer", owner),
                Some(_) | None => Message::new(nowhere).with("id", id),
            }
        }
    };
    Fault { code: Code::InvalidFixture, field: mention.at.clone(), message }
}

fn refuse(faults: Vec<Fault>) -> Result<(), Error> {
    if faults.is_empty() { Ok(()) } else { Err(Error::InvalidFixture(faults)) }
}
