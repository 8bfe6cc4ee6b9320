//! Fills an empty store with generated data through the use cases that write real data.

use super::close::close;
use super::create::create;
use super::escalate::escalate;
use crate::model::generator::{GeneratedCustomer, GeneratedOperation, TicketAction};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Code, CustomerId, Error, Message};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::LoadFixtures;

/// Rejects a store that has customers: generated data begins with customer 1.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Invalid`] if the store is not empty.
pub fn require_empty(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    match unit.customers().find(CustomerId::FIRST)? {
        None => Ok(()),
        Some(_) => Err(Error::invalid(Code::InvalidFixture, "", Message::new("error.not_empty"))),
    }
}

/// Inserts rides, orders and bookings. All customers must be inserted first, because participants may be customers of
/// any household.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn insert_purchases(unit: &mut dyn Unit, caller: &Caller, households: &[GeneratedCustomer]) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    for household in households {
        unit.references().insert_ride(&household.ride)?;
        unit.references().insert_order(&household.order)?;
        unit.references().insert_booking(&household.booking)?;
    }
    Ok(())
}

/// Inserts customers only.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn insert_customers(unit: &mut dyn Unit, caller: &Caller, households: &[GeneratedCustomer]) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    households.iter().try_for_each(|household| unit.customers().insert(&household.customer))
}

/// Runs each step as the customer or agent who takes it.
///
/// # Errors
/// [`Error::MissingPermission`], and any error of the use cases; generated steps are valid unless the store was not
/// empty.
pub fn run_steps(unit: &mut dyn Unit, caller: &Caller, steps: &[GeneratedOperation]) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    for step in steps {
        match &step.action {
            TicketAction::Open(ticket) => create(unit, &step.caller, ticket.clone(), step.at)?,
            TicketAction::Escalate(id, reason) => escalate(unit, &step.caller, *id, reason.as_ref(), step.at)?,
            TicketAction::Close(id, reason) => close(unit, &step.caller, *id, reason.as_ref(), step.at)?,
        };
    }
    Ok(())
}
