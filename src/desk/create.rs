//! Opens a ticket.

use super::effects::{Outcome, decide_award, record_effects};
use super::load_fixtures::reference_exists;
use crate::model::actor::Actor;
use crate::model::audit::AuditAction;
use crate::model::draft::{CheckedDraft, join_names};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::reference::{Reference, ReferenceId};
use crate::model::ticket::NewTicket;
use crate::model::{Code, CustomerId, Error, Message, Timestamp, ValidationErrors};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::CreateTicket;

/// Opens a ticket from a parsed request.
///
/// # Errors
/// [`Error::Invalid`] with every error in the request itself and against the store.
pub fn create_drafted(
    unit: &mut dyn Unit,
    caller: &Caller,
    drafted: &CheckedDraft,
    now: Timestamp,
) -> Result<Outcome, Error> {
    caller.require(REQUIRES)?;
    match &drafted.ticket {
        Ok(ticket) => create(unit, caller, ticket.clone(), now),
        Err(errors) => {
            let unknown = look_up(unit, caller, drafted.owner, drafted.reference, &drafted.members)?;
            let mut errors = errors.clone();
            errors.extend(unknown.into_sorted());
            Err(Error::Invalid(errors))
        }
    }
}

/// Opens a ticket for its owner if the store knows every customer, ride, order and booking that it references.
///
/// # Errors
/// [`Error::Invalid`] with every unknown customer, and each ride, order or booking in which the owner did not
/// participate.
pub fn create(unit: &mut dyn Unit, caller: &Caller, ticket: NewTicket, now: Timestamp) -> Result<Outcome, Error> {
    caller.require(REQUIRES)?;
    let errors = look_up(unit, caller, ticket.owner, ticket.reference, &ticket.members)?;
    if !errors.is_empty() {
        return Err(Error::Invalid(errors.into_sorted()));
    }
    let award = decide_award(unit, caller, AuditAction::TicketCreated, (ticket.owner, None), now)?;
    let ticket = unit.tickets().insert(ticket, now)?;
    record_effects(unit, caller, AuditAction::TicketCreated, ticket, award, None, now)
}

/// Validates the customers and references of a ticket. For a customer, another customer's ride, order or booking is
/// reported as not found; for an agent, as one in which the owner did not participate.
fn look_up(
    unit: &mut dyn Unit,
    caller: &Caller,
    owner: CustomerId,
    reference: Reference,
    members: &[CustomerId],
) -> Result<ValidationErrors, Error> {
    let mut errors = ValidationErrors::default();
    if unit.customers().find(owner)?.is_none() {
        errors.add(Code::CustomerNotFound, "", Message::new("error.customer_not_found").with("id", owner));
    }
    let mut unknown = Vec::new();
    for member in members {
        if unit.customers().find(*member)?.is_none() {
            unknown.push(*member);
        }
    }
    if !unknown.is_empty() {
        let message = Message::new("validation.strangers").with("ids", join_names(&unknown)).plural(unknown.len());
        errors.add(Code::CustomerNotFound, "groupCustomerIds", message);
    }
    for reference_id in reference.ids() {
        if !unit.references().is_participant(owner, reference_id)? {
            let discloses = matches!(caller.actor(), Actor::Agent(_)) && reference_exists(unit, reference_id)?;
            let (code, field, not_found, no_part, id) = match reference_id {
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
            let message =
                if discloses { Message::new(no_part).with("customer", owner) } else { Message::new(not_found) };
            errors.add(code, field, message.with("id", id));
        }
    }
    Ok(errors)
}
