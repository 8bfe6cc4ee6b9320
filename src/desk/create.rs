//! Opens a ticket.

use super::aftermath::{Outcome, aftermath};
use crate::model::draft::known;
use crate::model::event::Happening;
use crate::model::person::{Caller, Permission};
use crate::model::place::Place;
use crate::model::ticket::NewTicket;
use crate::model::{Code, Error, Faults, Message, Timestamp};
use crate::store::Unit;

/// Opens a ticket for its owner, once everyone and everything it names is known to the store.
///
/// # Errors
/// [`Error::Invalid`] with everyone who is no customer, and each ride, order and booking the owner had no part in.
pub fn create(unit: &mut dyn Unit, caller: &Caller, ticket: NewTicket, now: Timestamp) -> Result<Outcome, Error> {
    caller.may(Permission::Create)?;
    let faults = unknown(unit, &ticket)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults.into_sorted()));
    }
    let ticket = unit.tickets().insert(ticket, now)?;
    aftermath(unit, caller, Happening::Created, ticket, None, now)
}

/// Whatever the ticket names that this store does not know. A place of others is as unknown as one that is not there.
fn unknown(unit: &mut dyn Unit, ticket: &NewTicket) -> Result<Faults, Error> {
    let mut faults = Faults::default();
    if unit.people().customer(ticket.owner)?.is_none() {
        faults.add(Code::CustomerNotFound, "", Message::new("error.customer_not_found").with("id", ticket.owner));
    }
    let mut strangers = Vec::new();
    for member in &ticket.members {
        if unit.people().customer(*member)?.is_none() {
            strangers.push(*member);
        }
    }
    if !strangers.is_empty() {
        let message = Message::new("fault.strangers").with("ids", known(&strangers)).plural(strangers.len());
        faults.add(Code::CustomerNotFound, "groupCustomerIds", message);
    }
    for place in ticket.reference.places() {
        if !unit.people().had_part(ticket.owner, place)? {
            let (code, field, message) = match place {
                Place::Ride(id) => (Code::RideNotFound, "rideId", Message::new("error.ride_not_found").with("id", id)),
                Place::Order(id) => {
                    (Code::OrderFailed, "orderId", Message::new("error.order_not_found").with("id", id))
                }
                Place::Booking(id) => {
                    (Code::BookingFailed, "bookingId", Message::new("error.booking_not_found").with("id", id))
                }
            };
            faults.add(code, field, message);
        }
    }
    Ok(faults)
}
