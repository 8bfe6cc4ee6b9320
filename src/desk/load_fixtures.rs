//! Loads a fixture completely or not at all. Loading the same fixture again changes nothing.

use crate::model::effects::Operation;
use crate::model::fixture::{Compare, Fixture, Mention, MentionTarget, Mentions, differences};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::reference::ReferenceId;
use crate::model::ticket::Ticket;
use crate::model::{Code, Error, Message, ValidationError};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::LoadFixtures;

/// Result of loading the rows of one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number of rows inserted.
    pub loaded: usize,
    /// Number of rows that the store already had with the same values.
    pub unchanged: usize,
}

/// Result of loading a fixture, by table.
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
    /// Returns true if any row was inserted.
    pub fn changed(&self) -> bool {
        [self.customers, self.rides, self.orders, self.bookings, self.tickets].iter().any(|tally| tally.loaded > 0)
    }
}

/// Inserts every row that the store does not have. A ticket that changed since it was loaded keeps its present state.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::InvalidFixture`] with the position of every error: errors in the file itself,
/// rows that the store has with other values, and references that neither the file nor the store resolves.
pub fn load_fixtures(unit: &mut dyn Unit, caller: &Caller, fixture: &Fixture) -> Result<Loaded, Error> {
    caller.require(REQUIRES)?;
    let mut errors = fixture.errors.clone();
    let mut loaded = Loaded::default();
    let customers =
        select_new(&fixture.customers, &mut errors, &mut loaded.customers, |row| unit.customers().find(row.id))?;
    let rides = select_new(&fixture.rides, &mut errors, &mut loaded.rides, |row| unit.references().ride(row.id))?;
    let orders = select_new(&fixture.orders, &mut errors, &mut loaded.orders, |row| unit.references().order(row.id))?;
    let bookings =
        select_new(&fixture.bookings, &mut errors, &mut loaded.bookings, |row| unit.references().booking(row.id))?;
    let tickets = select_new(&fixture.tickets, &mut errors, &mut loaded.tickets, |row| unit.tickets().find(row.id))?;
    errors.extend(unresolved_mentions(unit, &fixture.mentions)?);
    reject_if_any(errors)?;
    customers.into_iter().try_for_each(|customer| unit.customers().insert(customer))?;
    rides.into_iter().try_for_each(|ride| unit.references().insert_ride(ride))?;
    orders.into_iter().try_for_each(|order| unit.references().insert_order(order))?;
    bookings.into_iter().try_for_each(|booking| unit.references().insert_booking(booking))?;
    tickets.into_iter().try_for_each(|ticket| load_ticket(unit, ticket))?;
    Ok(loaded)
}

/// Returns the rows to insert. Each member that differs from the stored row is an error.
fn select_new<'f, T: Compare>(
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

/// Inserts a ticket with the audit entries that its state implies, without awards, notifications and events.
fn load_ticket(unit: &mut dyn Unit, ticket: &Ticket) -> Result<(), Error> {
    unit.tickets().load(ticket)?;
    for operation in Operation::implied_by(ticket) {
        unit.operations().record(&operation)?;
    }
    Ok(())
}

/// Validates that a fixture could be loaded into an empty store.
///
/// # Errors
/// [`Error::InvalidFixture`] with the position of every error.
pub fn check_without_store(fixture: &Fixture) -> Result<(), Error> {
    let mut errors = fixture.errors.clone();
    for mention in &fixture.mentions.named {
        let in_file = match mention.target {
            MentionTarget::Customer(id) => fixture.mentions.has_customer(id),
            MentionTarget::ReferenceId(reference, owner) => {
                fixture.mentions.is_participant(reference, owner).unwrap_or(false)
            }
        };
        if !in_file {
            let is_defined = |reference| fixture.mentions.is_participant(reference, None).is_some();
            let exists = matches!(mention.target, MentionTarget::ReferenceId(reference, _) if is_defined(reference));
            errors.push(unresolved(mention, exists));
        }
    }
    reject_if_any(errors)
}

/// Returns an error for every reference that neither the file nor the store resolves, and for every ride, order or
/// booking in which the customer did not participate.
fn unresolved_mentions(unit: &mut dyn Unit, mentions: &Mentions) -> Result<Vec<ValidationError>, Error> {
    let mut errors = Vec::new();
    for mention in &mentions.named {
        match mention.target {
            MentionTarget::Customer(id) => {
                if !mentions.has_customer(id) && unit.customers().find(id)?.is_none() {
                    errors.push(unresolved(mention, false));
                }
            }
            MentionTarget::ReferenceId(reference, owner) => {
                let is_participant = match (mentions.is_participant(reference, owner), owner) {
                    (Some(is_participant), _) => is_participant,
                    (None, Some(owner)) => unit.references().is_participant(owner, reference)?,
                    (None, None) => reference_exists(unit, reference)?,
                };
                if !is_participant {
                    let exists =
                        mentions.is_participant(reference, None).is_some() || reference_exists(unit, reference)?;
                    errors.push(unresolved(mention, exists));
                }
            }
        }
    }
    Ok(errors)
}

/// Returns true if the store has this ride, order or booking.
pub(super) fn reference_exists(unit: &mut dyn Unit, reference: ReferenceId) -> Result<bool, Error> {
    Ok(match reference {
        ReferenceId::Ride(id) => unit.references().ride(id)?.is_some(),
        ReferenceId::Order(id) => unit.references().order(id)?.is_some(),
        ReferenceId::Booking(id) => unit.references().booking(id)?.is_some(),
    })
}

/// Returns the error for an unresolved reference, or, if it `exists`, for one in which the customer did not
/// participate.
fn unresolved(mention: &Mention, exists: bool) -> ValidationError {
    let message = match mention.target {
        MentionTarget::Customer(id) => Message::new("validation.customer_not_here").with("id", id),
        MentionTarget::ReferenceId(reference, owner) => {
            let (not_found, no_part, id) = match reference {
                ReferenceId::Ride(id) => ("validation.ride_not_here", "validation.ride_no_part", id.get()),
                ReferenceId::Order(id) => ("validation.order_not_here", "validation.order_no_part", id.get()),
                ReferenceId::Booking(id) => ("validation.booking_not_here", "validation.booking_no_part", id.get()),
            };
            match owner {
                Some(owner) if exists => Message::new(no_part).with("id", id).with("customer", owner),
                Some(_) | None => Message::new(not_found).with("id", id),
            }
        }
    };
    ValidationError { code: Code::InvalidFixture, field: mention.path.clone(), message }
}

fn reject_if_any(errors: Vec<ValidationError>) -> Result<(), Error> {
    if errors.is_empty() { Ok(()) } else { Err(Error::InvalidFixture(errors)) }
}
