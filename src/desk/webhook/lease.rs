//! Which server works deliveries off: the one that holds the lease, and raises its number as long as it lives.
//!
//! Whoever wants to take over watches the number with a clock that only runs forward, and takes the lease in the state it
//! saw; so no clock on a wall, and no jump of one, can make two servers believe that it is theirs.

use crate::model::Error;
use crate::store::{Lease, Unit};

/// Takes the lease where nobody holds it, or where it still is as it was `seen`. False where it is not.
///
/// # Errors
/// Those of the store.
pub fn take_lease(unit: &mut dyn Unit, holder: &str, seen: Option<&Lease>) -> Result<bool, Error> {
    unit.webhooks().take_lease(holder, seen)
}

/// Shows that the holder lives. False where another took the lease.
///
/// # Errors
/// Those of the store.
pub fn renew_lease(unit: &mut dyn Unit, holder: &str) -> Result<bool, Error> {
    unit.webhooks().renew_lease(holder)
}

/// Leaves the deliveries to whoever comes.
///
/// # Errors
/// Those of the store.
pub fn leave_lease(unit: &mut dyn Unit, holder: &str) -> Result<(), Error> {
    unit.webhooks().leave_lease(holder)
}
