//! Which server works an errand off: the one that holds its lease, and raises its number as long as it lives.
//!
//! Whoever wants to take over watches the number with a clock that only runs forward, and takes the lease in the state it
//! saw; so no clock on a wall, and no jump of one, can make two servers believe that it is theirs.

use crate::model::{Error, Timestamp};
use crate::store::{Errand, Lease, Unit};

/// Who holds the lease.
///
/// # Errors
/// Those of the store.
pub fn find_lease(unit: &mut dyn Unit, errand: Errand) -> Result<Option<Lease>, Error> {
    unit.leases().find(errand)
}

/// Takes the lease where nobody holds it, or where it still is as it was `seen`. False where it is not.
///
/// # Errors
/// Those of the store.
pub fn take_lease(
    unit: &mut dyn Unit,
    errand: Errand,
    holder: &str,
    seen: Option<&Lease>,
    now: Timestamp,
) -> Result<bool, Error> {
    unit.leases().take(errand, holder, seen, now)
}

/// Shows that the holder lives. False where another took the lease.
///
/// # Errors
/// Those of the store.
pub fn renew_lease(unit: &mut dyn Unit, errand: Errand, holder: &str, now: Timestamp) -> Result<bool, Error> {
    unit.leases().renew(errand, holder, now)
}

/// Leaves the errand to whoever comes.
///
/// # Errors
/// Those of the store.
pub fn leave_lease(unit: &mut dyn Unit, errand: Errand, holder: &str) -> Result<(), Error> {
    unit.leases().leave(errand, holder)
}

/// Whether this holder may go on.
pub(super) fn holds(unit: &mut dyn Unit, errand: Errand, holder: &str) -> Result<bool, Error> {
    Ok(unit.leases().find(errand)?.is_some_and(|lease| lease.holder == holder))
}

/// What there is to do on an errand.
#[derive(Debug, Clone)]
pub struct Work<K> {
    /// Who works it off.
    pub lease: Option<Lease>,
    /// Whether there is anyone to send to.
    pub any: bool,
    /// For whom something is due.
    pub due: Vec<K>,
}
