//! What every operation on a ticket leaves behind, in its own transaction: the audit entry, a notification for each
//! of its people, the event, and the award, which alone may fail without harm.

use crate::model::event::{AuditEntry, AuditId, Event, Happening, Notification, Subject};
use crate::model::person::Caller;
use crate::model::reward::{LedgerEntry, NoAward};
use crate::model::ticket::{Reason, Ticket};
use crate::model::{Error, Timestamp};
use crate::store::{LedgerOutcome, Unit};

/// How an operation on a ticket ended: the ticket as it stands, and why no award was made, if one was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The ticket as it stands now.
    pub ticket: Ticket,
    /// Why an award that was due was not made.
    pub no_award: Option<NoAward>,
}

/// Writes what the happening leaves behind; `ticket` is as it stands afterwards.
pub(super) fn aftermath(
    unit: &mut dyn Unit,
    caller: &Caller,
    happening: Happening,
    ticket: Ticket,
    reason: Option<&Reason>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let audit = unit.trail().audit(&AuditEntry {
        state: Some((ticket.status, ticket.level)),
        reason: reason.map(|reason| reason.as_str().to_owned()),
        ..AuditEntry::of(caller, happening.audit(), Subject::Ticket(ticket.id), now)
    })?;
    for customer in std::iter::once(ticket.owner).chain(ticket.members.iter().copied()) {
        let notice =
            Notification { customer, notice: happening.notice(), ticket: ticket.id, level: ticket.level, at: now };
        unit.trail().notify(&notice, audit)?;
    }
    unit.trail().publish(&Event::of(happening, &ticket, &caller.actor, now), audit)?;
    let no_award = if caller.rewarding { award(unit, caller, happening, &ticket, audit, now)? } else { None };
    Ok(Outcome { ticket, no_award })
}

/// Makes the award to the ticket's owner, or says why not.
fn award(
    unit: &mut dyn Unit,
    caller: &Caller,
    happening: Happening,
    ticket: &Ticket,
    audit: AuditId,
    now: Timestamp,
) -> Result<Option<NoAward>, Error> {
    let Some(owner) = unit.people().customer(ticket.owner)? else { return Ok(Some(NoAward::Failed)) };
    if let Err(no_award) = owner.earns() {
        return Ok(Some(no_award));
    }
    let entry = LedgerEntry {
        customer: owner.id,
        award: happening.award(),
        occasion: Some((ticket.id, happening)),
        reason: None,
        by: caller.actor.clone(),
        key: None,
        at: now,
    };
    Ok(match unit.points().award(&entry, audit)? {
        LedgerOutcome::Written => None,
        LedgerOutcome::EarnedBefore => Some(NoAward::AlreadyMade(ticket.id)),
        LedgerOutcome::Failed => Some(NoAward::Failed),
    })
}
