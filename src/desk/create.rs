//! Opens a ticket.

use super::effects::{Outcome, record_effects};
use super::load_fixtures::is_there;
use crate::model::actor::Actor;
use crate::model::audit::AuditAction;
use crate::model::customer::Customer;
use crate::model::draft::{Drafted, known};
use crate::model::ledger::{AwardDecision, AwardStanding};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::reference::{Reference, ReferenceId};
use crate::model::ticket::NewTicket;
use crate::model::{Code, CustomerId, Error, Message, Timestamp, ValidationErrors};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::CreateTicket;

/// Opens the ticket that a draft asks for.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong with it, in its own text and against the store.
pub fn create_drafted(
    unit: &mut dyn Unit,
    caller: &Caller,
    drafted: &Drafted,
    now: Timestamp,
) -> Result<Outcome, Error> {
    caller.require(REQUIRES)?;
    match &drafted.ticket {
        Ok(ticket) => create(unit, caller, ticket.clone(), now),
        Err(errors) => {
            let (_, unknown) = look_up(unit, caller, drafted.owner, drafted.reference, &drafted.members)?;
            let mut errors = errors.clone();
            errors.extend(unknown.into_sorted());
            Err(Error::Invalid(errors))
        }
    }
}

/// Opens a ticket for its owner, once everyone and everything it names is known to the store.
///
/// # Errors
/// [`Error::Invalid`] with everyone who is no customer, and each ride, order and booking the owner had no part in.
pub fn create(unit: &mut dyn Unit, caller: &Caller, ticket: NewTicket, now: Timestamp) -> Result<Outcome, Error> {
    caller.require(REQUIRES)?;
    let (owner, errors) = look_up(unit, caller, ticket.owner, ticket.reference, &ticket.members)?;
    if !errors.is_empty() {
        return Err(Error::Invalid(errors.into_sorted()));
    }
    let award = if caller.rewarding {
        // A ticket that is not there yet has earned nothing.
        let standing = owner.map(|owner| AwardStanding { rewards_active: owner.rewards_active, earned_before: false });
        AwardDecision::of(ticket.owner, standing)
    } else {
        AwardDecision::NotDue
    };
    let ticket = unit.tickets().insert(ticket, now)?;
    record_effects(unit, caller, AuditAction::TicketCreated, ticket, award, None, now)
}

/// Reads the owner of a ticket, and errors for whatever it names that this store does not know. A ride, order or booking of
/// others is as unknown to a customer as one that is not there; an agent is told.
fn look_up(
    unit: &mut dyn Unit,
    caller: &Caller,
    owner: CustomerId,
    reference: Reference,
    members: &[CustomerId],
) -> Result<(Option<Customer>, ValidationErrors), Error> {
    let mut errors = ValidationErrors::default();
    let customer = unit.customers().find(owner)?;
    if customer.is_none() {
        errors.add(Code::CustomerNotFound, "", Message::new("error.customer_not_found").with("id", owner));
    }
    let mut strangers = Vec::new();
    for member in members {
        if unit.customers().find(*member)?.is_none() {
            strangers.push(*member);
        }
    }
    if !strangers.is_empty() {
        let message = Message::new("validation.strangers").with("ids", known(&strangers)).plural(strangers.len());
        errors.add(Code::CustomerNotFound, "groupCustomerIds", message);
    }
    for place in reference.ids() {
        if !unit.references().is_participant(owner, place)? {
            let tells = matches!(caller.actor(), Actor::Agent(_)) && is_there(unit, place)?;
            let (code, field, nowhere, no_part, id) = match place {
                ReferenceId::Ride(id) => {
                    (Code::RideNotFound, "rideId", "error.ride_not_found", "validation.ride_no_part", id.get())
                }
                ReferenceId::Order(id) => {
                    (Code::OrderFailed, "orderId", "error.order_not_found", "validation.order_no_part", id.get())
                }
                ReferenceId::Booking(id) => (
                    Code::BookingFailed,
                    "bookingId",
                    "error.booking_not_found",
                    "validation.booking_no_part",
                    id.get(),
                ),
            };
            let message = if tells { Message::new(no_part).with("customer", owner) } else { Message::new(nowhere) };
            errors.add(code, field, message.with("id", id));
        }
    }
    Ok((customer, errors))
}
