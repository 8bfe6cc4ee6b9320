//! Closes a ticket.

use super::effects::{Outcome, decide_award, record_effects};
use super::find::own_ticket;
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::{Reason, Ticket};
use crate::model::{Error, TicketId, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::CloseTicket;

/// Closes a ticket and awards its owner, if an award is due.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::TicketNotFound`], [`Error::NotOwner`], [`Error::AlreadyClosed`].
pub fn close(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: TicketId,
    reason: Option<&Reason>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    caller.require(REQUIRES)?;
    let (ticket, closed) = would_close(unit, caller, id, now)?;
    let award = decide_award(unit, caller, AuditAction::TicketClosed, (ticket.owner, Some(ticket.id)), now)?;
    unit.tickets().update(&ticket, &closed)?;
    record_effects(unit, caller, AuditAction::TicketClosed, closed, award, reason, now)
}

/// Returns the ticket before and after it is closed, without writing.
///
/// # Errors
/// As [`close`].
pub fn would_close(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: TicketId,
    now: Timestamp,
) -> Result<(Ticket, Ticket), Error> {
    caller.require(REQUIRES)?;
    let ticket = own_ticket(unit, caller, id)?;
    let closed = ticket.close(now)?;
    Ok((ticket, closed))
}
