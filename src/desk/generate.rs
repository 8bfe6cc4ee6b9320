//! Fills an empty store with an invented world, through the same use cases that a real one would be filled by.

use super::close::close;
use super::create::create;
use super::escalate::escalate;
use crate::model::generator::{Act, Household, Step};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Code, CustomerId, Error, Message};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::LoadFixtures;

/// Refuses a store that has anybody in it: an invented world begins with customer 1.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Invalid`] where it is not empty.
pub fn must_be_empty(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    match unit.customers().find(CustomerId::FIRST)? {
        None => Ok(()),
        Some(_) => Err(Error::invalid(Code::InvalidFixture, "", Message::new("error.not_empty"))),
    }
}

/// Writes customers with what they bought. Whom a household's party names must be written before it, so first come
/// all customers, then the rest.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn settle(unit: &mut dyn Unit, caller: &Caller, households: &[Household]) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    for household in households {
        unit.references().insert_ride(&household.ride)?;
        unit.references().insert_order(&household.order)?;
        unit.references().insert_booking(&household.booking)?;
    }
    Ok(())
}

/// Writes customers alone.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn welcome(unit: &mut dyn Unit, caller: &Caller, households: &[Household]) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    households.iter().try_for_each(|household| unit.customers().insert(&household.customer))
}

/// Lets each step happen, by the customer or agent who takes it.
///
/// # Errors
/// Whatever the use cases refuse: an invented world breaks no rule, so that means a store that was not empty.
pub fn live(unit: &mut dyn Unit, caller: &Caller, steps: &[Step]) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    for step in steps {
        match &step.act {
            Act::Open(ticket) => create(unit, &step.caller, ticket.clone(), step.at)?,
            Act::Escalate(id, reason) => escalate(unit, &step.caller, *id, reason.as_ref(), step.at)?,
            Act::Close(id, reason) => close(unit, &step.caller, *id, reason.as_ref(), step.at)?,
        };
    }
    Ok(())
}
