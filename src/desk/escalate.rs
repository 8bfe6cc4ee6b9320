//! Escalates a ticket.

use super::effects::{Outcome, decide_award, record_effects};
use super::find::own_ticket;
use crate::model::audit::AuditAction;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::{Reason, Ticket};
use crate::model::{Error, TicketId, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::EscalateTicket;

/// Escalates a ticket by one level and awards the customer who opened it.
///
/// # Errors
/// [`Error::TicketNotFound`], [`Error::NotOwner`], [`Error::NotEscalatable`].
pub fn escalate(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: TicketId,
    reason: Option<&Reason>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    caller.require(REQUIRES)?;
    let (ticket, escalated) = would_escalate(unit, caller, id, now)?;
    let award = decide_award(unit, caller, AuditAction::TicketEscalated, (ticket.owner, Some(ticket.id)), now)?;
    unit.tickets().update(&ticket, &escalated)?;
    record_effects(unit, caller, AuditAction::TicketEscalated, escalated, award, reason, now)
}

/// Returns the ticket before and after it is escalated, without writing.
///
/// # Errors
/// As [`escalate`].
pub fn would_escalate(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: TicketId,
    now: Timestamp,
) -> Result<(Ticket, Ticket), Error> {
    caller.require(REQUIRES)?;
    let ticket = own_ticket(unit, caller, id)?;
    let escalated = ticket.escalate(&caller.actor(), now)?;
    Ok((ticket, escalated))
}
