//! Grants points by hand.

use super::find::known_customer;
use crate::model::effects::Operation;
use crate::model::ledger::{Balance, Grant};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Error, StoreError, Timestamp};
use crate::store::{LedgerRefusal, Unit};

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::GrantPoints;

/// Result of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// Balance of the customer after the grant.
    pub balance: Balance,
    /// True if an earlier grant with this key was found, so that nothing was written.
    pub repeated: bool,
}

/// Appends a manual row to the ledger, at most once for each customer and key.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`; [`Error::RewardsInactive`]; [`Error::KeyReused`] if the key was
/// used for another grant.
pub fn grant_points(unit: &mut dyn Unit, caller: &Caller, grant: &Grant, now: Timestamp) -> Result<Granted, Error> {
    caller.require(REQUIRES)?;
    let customer = known_customer(unit, grant.customer)?;
    if !customer.rewards_active {
        return Err(Error::RewardsInactive(customer.id));
    }
    let before = match &grant.key {
        Some(key) => unit.ledger().granted(customer.id, key.as_str())?,
        None => None,
    };
    let balance = unit.ledger().balance(customer.id)?;
    if let Some(line) = before {
        let same = line.award == grant.award && line.reason.as_deref() == Some(grant.reason.as_str());
        return if same { Ok(Granted { balance, repeated: true }) } else { Err(Error::KeyReused) };
    }
    match unit.operations().record(&Operation::grant(grant, caller, now))?.refusal {
        None => Ok(Granted { balance: balance.plus(grant.award), repeated: false }),
        Some(LedgerRefusal::Duplicate) => Err(Error::Changed("grant")),
        Some(LedgerRefusal::Failed) => Err(Error::store(StoreError::Failed, "the ledger refused a grant")),
    }
}
