//! Grants points by hand.

use super::known_customer;
use crate::model::event::{AuditAction, AuditEntry, Subject};
use crate::model::person::Caller;
use crate::model::reward::{Balance, Grant, LedgerEntry};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// What became of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// What the customer has now.
    pub balance: Balance,
    /// Whether this key granted the same before, so that nothing was written.
    pub repeated: bool,
}

/// Appends a manual row to the ledger. The same key grants a customer once.
///
/// # Errors
/// `CUSTOMER_NOT_FOUND`; [`Error::RewardsInactive`]; [`Error::KeyReused`] where the key granted something else.
pub fn grant_points(unit: &mut dyn Unit, caller: &Caller, grant: &Grant, now: Timestamp) -> Result<Granted, Error> {
    let customer = known_customer(unit, grant.customer)?;
    customer.earns().map_err(|_| Error::RewardsInactive(customer.id))?;
    if let Some(key) = &grant.key
        && let Some(line) = unit.points().granted(customer.id, key.as_str())?
    {
        let same = line.award == grant.award && line.reason.as_deref() == Some(grant.reason.as_str());
        let balance = unit.points().balance(customer.id)?;
        return if same { Ok(Granted { balance, repeated: true }) } else { Err(Error::KeyReused) };
    }
    let audit = unit.trail().audit(&AuditEntry {
        granted: Some(grant.award),
        reason: Some(grant.reason.as_str().to_owned()),
        ..AuditEntry::of(caller, AuditAction::PointsGranted, Subject::Customer(customer.id), now)
    })?;
    let entry = LedgerEntry {
        customer: customer.id,
        award: grant.award,
        occasion: None,
        reason: Some(grant.reason.clone()),
        by: caller.actor.clone(),
        key: grant.key.clone(),
        at: now,
    };
    unit.points().grant(&entry, audit)?;
    Ok(Granted { balance: unit.points().balance(customer.id)?, repeated: false })
}
