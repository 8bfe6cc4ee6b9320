//! Loads a fixture: all of it, or nothing. Loading it again changes nothing.

use crate::model::effects::Operation;
use crate::model::fixture::{Compare, Fixture, Mention, Mentioned, Mentions, differences};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::reference::ReferenceId;
use crate::model::ticket::Ticket;
use crate::model::{Code, Error, Message, ValidationError};
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
/// [`Error::MissingPermission`]; [`Error::InvalidFixture`] with the place of every error: what the file's own text shows, each row that stands in the
/// store with other values, and each name that is neither in the file nor in the store.
pub fn load_fixtures(unit: &mut dyn Unit, caller: &Caller, fixture: &Fixture) -> Result<Loaded, Error> {
    caller.require(REQUIRES)?;
    let mut errors = fixture.errors.clone();
    let mut loaded = Loaded::default();
    let customers =
        sort_out(&fixture.customers, &mut errors, &mut loaded.customers, |row| unit.customers().find(row.id))?;
    let rides = sort_out(&fixture.rides, &mut errors, &mut loaded.rides, |row| unit.references().ride(row.id))?;
    let orders = sort_out(&fixture.orders, &mut errors, &mut loaded.orders, |row| unit.references().order(row.id))?;
    let bookings =
        sort_out(&fixture.bookings, &mut errors, &mut loaded.bookings, |row| unit.references().booking(row.id))?;
    let tickets = sort_out(&fixture.tickets, &mut errors, &mut loaded.tickets, |row| unit.tickets().find(row.id))?;
    errors.extend(strangers(unit, &fixture.mentions)?);
    refuse(errors)?;
    customers.into_iter().try_for_each(|customer| unit.customers().insert(customer))?;
    rides.into_iter().try_for_each(|ride| unit.references().insert_ride(ride))?;
    orders.into_iter().try_for_each(|order| unit.references().insert_order(order))?;
    bookings.into_iter().try_for_each(|booking| unit.references().insert_booking(booking))?;
    tickets.into_iter().try_for_each(|ticket| load_ticket(unit, ticket))?;
    Ok(loaded)
}

/// The rows that are to be written; each member that stands in the store with another value is a error.
fn sort_out<'f, T: Compare>(
    rows: &'f [(usize, T)],
    errors: &mut Vec<ValidationError>,
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
        errors.extend(found);
    }
    tally.loaded = new.len();
    Ok(new)
}

/// Writes a ticket with the audit entries that its state implies; no award, notification or event.
fn load_ticket(unit: &mut dyn Unit, ticket: &Ticket) -> Result<(), Error> {
    unit.tickets().load(ticket)?;
    for operation in Operation::implied_by(ticket) {
        unit.operations().record(&operation)?;
    }
    Ok(())
}

/// Refuses a fixture that could not be loaded into an empty store, without one.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::InvalidFixture`] with the place of every error.
pub fn check_alone(fixture: &Fixture) -> Result<(), Error> {
    let mut errors = fixture.errors.clone();
    for mention in &fixture.mentions.named {
        let here = match mention.what {
            Mentioned::Customer(id) => fixture.mentions.has_customer(id),
            Mentioned::ReferenceId(place, owner) => fixture.mentions.is_participant(place, owner).unwrap_or(false),
        };
        if !here {
            let there = matches!(mention.what, Mentioned::ReferenceId(place, _) if fixture.mentions.is_participant(place, None).is_some());
            errors.push(stranger(mention, there));
        }
    }
    refuse(errors)
}

/// Notes every name of a row that is neither in the file nor in the store, or a place its customer had no part in.
fn strangers(unit: &mut dyn Unit, mentions: &Mentions) -> Result<Vec<ValidationError>, Error> {
    let mut errors = Vec::new();
    for mention in &mentions.named {
        match mention.what {
            Mentioned::Customer(id) => {
                if !mentions.has_customer(id) && unit.customers().find(id)?.is_none() {
                    errors.push(stranger(mention, false));
                }
            }
            Mentioned::ReferenceId(place, owner) => {
                let is_participant = match (mentions.is_participant(place, owner), owner) {
                    (Some(is_participant), _) => is_participant,
                    (None, Some(owner)) => unit.references().is_participant(owner, place)?,
                    (None, None) => is_there(unit, place)?,
                };
                if !is_participant {
                    let there = mentions.is_participant(place, None).is_some() || is_there(unit, place)?;
                    errors.push(stranger(mention, there));
                }
            }
        }
    }
    Ok(errors)
}

/// Whether the store has this ride, order or booking.
pub(super) fn is_there(unit: &mut dyn Unit, place: ReferenceId) -> Result<bool, Error> {
    Ok(match place {
        ReferenceId::Ride(id) => unit.references().ride(id)?.is_some(),
        ReferenceId::Order(id) => unit.references().order(id)?.is_some(),
        ReferenceId::Booking(id) => unit.references().booking(id)?.is_some(),
    })
}

/// What is wrong with a name: it is nowhere, or `there`, and its customer had no part in it.
fn stranger(mention: &Mention, there: bool) -> ValidationError {
    let message = match mention.what {
        Mentioned::Customer(id) => Message::new("validation.customer_not_here").with("id", id),
        Mentioned::ReferenceId(place, owner) => {
            let (nowhere, no_part, id) = match place {
                ReferenceId::Ride(id) => ("validation.ride_not_here", "validation.ride_no_part", id.get()),
                ReferenceId::Order(id) => ("validation.order_not_here", "validation.order_no_part", id.get()),
                ReferenceId::Booking(id) => ("validation.booking_not_here", "validation.booking_no_part", id.get()),
            };
            match owner {
                Some(owner) if there => Message::new(no_part).with("id", id).with("customer", owner),
                Some(_) | None => Message::new(nowhere).with("id", id),
            }
        }
    };
    ValidationError { code: Code::InvalidFixture, field: mention.at.clone(), message }
}

fn refuse(errors: Vec<ValidationError>) -> Result<(), Error> {
    if errors.is_empty() { Ok(()) } else { Err(Error::InvalidFixture(errors)) }
}
