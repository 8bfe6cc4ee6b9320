//! Loads a fixture: all of it, or nothing. Loading it again changes nothing.

use std::collections::{HashMap, HashSet};

use crate::model::event::{AuditEntry, Happening, Subject};
use crate::model::fixture::Fixture;
use crate::model::person::Actor;
use crate::model::place::{Party, Place};
use crate::model::ticket::Ticket;
use crate::model::{Code, CustomerId, Error, Faults, Level, Message, Status};
use crate::store::Unit;

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
/// [`Error::InvalidFixture`] with the place of every row that names what is neither in the file nor in the store, or
/// that stands in the store with other values.
pub fn load_fixtures(unit: &mut dyn Unit, fixture: &Fixture) -> Result<Loaded, Error> {
    let mut faults = Faults::default();
    let mut loaded = Loaded::default();
    let mut world = World::of(fixture);
    let customers = fixture.customers.iter().enumerate();
    let customers = sort_out(customers, &mut faults, "customers", &mut loaded.customers, |customer| {
        Ok(unit.people().customer(customer.id)?.map(|had| had == *customer))
    })?;
    let rides = sort_out(fixture.rides.iter().enumerate(), &mut faults, "rides", &mut loaded.rides, |ride| {
        Ok(unit.people().ride(ride.id)?.map(|had| had == *ride))
    })?;
    let orders = sort_out(fixture.orders.iter().enumerate(), &mut faults, "orders", &mut loaded.orders, |order| {
        Ok(unit.people().order(order.id)?.map(|had| had == *order))
    })?;
    let bookings = fixture.bookings.iter().enumerate();
    let bookings = sort_out(bookings, &mut faults, "bookings", &mut loaded.bookings, |booking| {
        Ok(unit.people().booking(booking.id)?.map(|had| had == *booking))
    })?;
    let tickets = fixture.tickets.iter().enumerate();
    let tickets = sort_out(tickets, &mut faults, "tickets", &mut loaded.tickets, |ticket| {
        Ok(unit.tickets().find(ticket.id)?.map(|had| is_same_ticket(&had, ticket)))
    })?;
    world.check(unit, fixture, &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::InvalidFixture(faults.into_found()));
    }
    customers.into_iter().try_for_each(|customer| unit.people().insert_customer(customer))?;
    rides.into_iter().try_for_each(|ride| unit.people().insert_ride(ride))?;
    orders.into_iter().try_for_each(|order| unit.people().insert_order(order))?;
    bookings.into_iter().try_for_each(|booking| unit.people().insert_booking(booking))?;
    tickets.into_iter().try_for_each(|ticket| load_ticket(unit, ticket))?;
    Ok(loaded)
}

/// The rows that are to be written; one that stands in the store with other values is a fault.
fn sort_out<'f, T>(
    rows: impl Iterator<Item = (usize, &'f T)>,
    faults: &mut Faults,
    list: &str,
    tally: &mut Tally,
    mut stands: impl FnMut(&T) -> Result<Option<bool>, Error>,
) -> Result<Vec<&'f T>, Error> {
    let mut new = Vec::new();
    for (index, row) in rows {
        match stands(row)? {
            None => new.push(row),
            Some(true) => tally.unchanged += 1,
            Some(false) => {
                faults.add(Code::InvalidFixture, format!("{list}[{index}].id"), Message::new("fault.differs"));
            }
        }
    }
    tally.loaded = new.len();
    Ok(new)
}

/// Whether a ticket of the store is the one of the file, perhaps some steps further in its life.
fn is_same_ticket(had: &Ticket, file: &Ticket) -> bool {
    let born = |ticket: &Ticket| Ticket {
        version: 1,
        status: Status::Open,
        level: Level::FIRST,
        updated_at: ticket.created_at,
        ..ticket.clone()
    };
    born(had) == born(file)
}

/// Writes a ticket with the audit entries that its state implies; no award, notification or event.
fn load_ticket(unit: &mut dyn Unit, ticket: &Ticket) -> Result<(), Error> {
    unit.tickets().load(ticket)?;
    let mut level = Level::FIRST;
    for (happening, at) in ticket.implied() {
        let state = match happening {
            Happening::Created => (Status::Open, level),
            Happening::Escalated => {
                level = level.up().unwrap_or(Level::TOP);
                (Status::Escalated, level)
            }
            Happening::Closed => (Status::Closed, ticket.level),
        };
        unit.trail().audit(&AuditEntry {
            action: happening.audit(),
            subject: Subject::Ticket(ticket.id),
            actor: Actor::Fixtures,
            at,
            request: None,
            state: Some(state),
            reason: None,
        })?;
    }
    Ok(())
}

/// Who and what a row may name: the file's own rows first, then the store's.
struct World<'f> {
    customers: HashSet<CustomerId>,
    parties: HashMap<(&'static str, i64), &'f Party>,
}

impl<'f> World<'f> {
    fn of(fixture: &'f Fixture) -> Self {
        let rides = fixture.rides.iter().map(|ride| (("ride", ride.id.get()), &ride.party));
        let orders = fixture.orders.iter().map(|order| (("order", order.id.get()), &order.party));
        let bookings = fixture.bookings.iter().map(|booking| (("booking", booking.id.get()), &booking.party));
        Self {
            customers: fixture.customers.iter().map(|customer| customer.id).collect(),
            parties: rides.chain(orders).chain(bookings).collect(),
        }
    }

    /// Notes every row that names somebody or something that is nowhere, or a place its customer had no part in.
    fn check(&mut self, unit: &mut dyn Unit, fixture: &Fixture, faults: &mut Faults) -> Result<(), Error> {
        let rides = fixture.rides.iter().map(|ride| &ride.party);
        let orders = fixture.orders.iter().map(|order| &order.party);
        let bookings = fixture.bookings.iter().map(|booking| &booking.party);
        self.parties("rides", rides, unit, faults)?;
        self.parties("orders", orders, unit, faults)?;
        self.parties("bookings", bookings, unit, faults)?;
        for (index, ticket) in fixture.tickets.iter().enumerate() {
            let at = |name: &str| format!("tickets[{index}].{name}");
            self.person(ticket.owner, at("customerId"), unit, faults)?;
            for (member, id) in ticket.members.iter().enumerate() {
                self.person(*id, at(&format!("groupCustomerIds[{member}]")), unit, faults)?;
            }
            for place in ticket.reference.places() {
                if let Some((name, message)) = self.lacks(ticket.owner, place, unit)? {
                    faults.add(Code::InvalidFixture, at(name), message);
                }
            }
        }
        Ok(())
    }

    fn parties<'p>(
        &mut self,
        list: &str,
        parties: impl Iterator<Item = &'p Party>,
        unit: &mut dyn Unit,
        faults: &mut Faults,
    ) -> Result<(), Error> {
        for (index, party) in parties.enumerate() {
            self.person(party.customer, format!("{list}[{index}].customerId"), unit, faults)?;
            for (place, participant) in party.participants.iter().enumerate() {
                self.person(*participant, format!("{list}[{index}].participantIds[{place}]"), unit, faults)?;
            }
        }
        Ok(())
    }

    fn person(&mut self, id: CustomerId, place: String, unit: &mut dyn Unit, faults: &mut Faults) -> Result<(), Error> {
        if self.customers.contains(&id) {
            return Ok(());
        }
        if unit.people().customer(id)?.is_some() {
            self.customers.insert(id);
        } else {
            faults.add(Code::InvalidFixture, place, Message::new("fault.customer_not_here").with("id", id));
        }
        Ok(())
    }

    /// The member that names a place which is nowhere, or which this customer had no part in.
    fn lacks(
        &self,
        owner: CustomerId,
        place: Place,
        unit: &mut dyn Unit,
    ) -> Result<Option<(&'static str, Message)>, Error> {
        let (list, member, nowhere, no_part, id) = match place {
            Place::Ride(id) => ("ride", "rideId", "fault.ride_not_here", "fault.ride_no_part", id.get()),
            Place::Order(id) => ("order", "orderId", "fault.order_not_here", "fault.order_no_part", id.get()),
            Place::Booking(id) => ("booking", "bookingId", "fault.booking_not_here", "fault.booking_no_part", id.get()),
        };
        let had_part = match self.parties.get(&(list, id)) {
            Some(party) => party.customer == owner || party.participants.contains(&owner),
            None if unit.people().had_part(owner, place)? => true,
            None => {
                let there = match place {
                    Place::Ride(id) => unit.people().ride(id)?.is_some(),
                    Place::Order(id) => unit.people().order(id)?.is_some(),
                    Place::Booking(id) => unit.people().booking(id)?.is_some(),
                };
                if !there {
                    return Ok(Some((member, Message::new(nowhere).with("id", id))));
                }
                false
            }
        };
        Ok((!had_part).then(|| (member, Message::new(no_part).with("id", id).with("customer", owner))))
    }
}
