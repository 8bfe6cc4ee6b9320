//! Records the effects of operations on tickets.

use crate::model::audit::AuditAction;
use crate::model::effects::Operation;
use crate::model::ledger::{AwardDecision, NoAward};
use crate::model::principal::Caller;
use crate::model::ticket::{Reason, Ticket};
use crate::model::{CustomerId, Error, TicketId, Timestamp};
use crate::store::{LedgerRefusal, Unit};

/// Outcome of an operation on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Ticket after the operation.
    pub ticket: Ticket,
    /// Reason why a due award was not made, if so.
    pub no_award: Option<NoAward>,
}

/// Decides if an operation on a ticket of this customer earns an award; writes nothing. Without `ticket`, the ticket is
/// new.
pub(super) fn decide_award(
    unit: &mut dyn Unit,
    caller: &Caller,
    action: AuditAction,
    (owner, ticket): (CustomerId, Option<TicketId>),
    now: Timestamp,
) -> Result<AwardDecision, Error> {
    if !caller.earns_awards || action.effect_kinds().award.is_none() {
        return Ok(AwardDecision::NotDue);
    }
    let limit = caller.limits.awards;
    let standing = unit.ledger().award_standing(owner, ticket, action, limit.map(|limit| limit.start(now)))?;
    Ok(AwardDecision::decide(owner, standing, limit))
}

/// Records an operation and its effects; `ticket` is the ticket after the operation.
pub(super) fn record_effects(
    unit: &mut dyn Unit,
    caller: &Caller,
    action: AuditAction,
    ticket: Ticket,
    award: AwardDecision,
    reason: Option<&Reason>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let (operation, no_award) = Operation::on_ticket(action, &ticket, award, caller, reason, now);
    let no_award = match unit.operations().record(&operation)?.refusal {
        // Another unit made the award meanwhile; the operation is recorded without a second one.
        None | Some(LedgerRefusal::Duplicate) => no_award,
        Some(LedgerRefusal::Failed) => Some(NoAward::Failed),
    };
    Ok(Outcome { ticket, no_award })
}
