//! Raises a ticket.

use super::aftermath::{Outcome, aftermath};
use super::own_ticket;
use crate::model::event::Happening;
use crate::model::person::{Caller, Permission};
use crate::model::ticket::{Reason, Ticket};
use crate::model::{Error, TicketId, Timestamp};
use crate::store::Unit;

/// Raises a ticket one level and rewards the customer who opened it.
///
/// # Errors
/// [`Error::TicketNotFound`], [`Error::NotYours`], [`Error::NotEscalatable`].
pub fn escalate(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: TicketId,
    reason: Option<&Reason>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let (ticket, escalated) = would_escalate(unit, caller, id, now)?;
    unit.tickets().update(&ticket, &escalated)?;
    aftermath(unit, caller, Happening::Escalated, escalated, reason, now)
}

/// The ticket as it is and as it would be; writes nothing.
///
/// # Errors
/// As [`escalate`].
pub fn would_escalate(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: TicketId,
    now: Timestamp,
) -> Result<(Ticket, Ticket), Error> {
    caller.may(Permission::Escalate)?;
    let ticket = own_ticket(unit, caller, id)?;
    let escalated = ticket.escalate(&caller.actor, now)?;
    Ok((ticket, escalated))
}
