//! The lease of a channel: whoever holds it works the channel off, and raises its heartbeat while something waits.
//!
//! Whoever wants to take over watches the heartbeat with a clock that only runs forward, and takes the lease in the state it
//! saw; so no clock on a wall, and no jump of one, can make two servers believe that it is theirs.

use crate::model::delivery::ChannelName;
use crate::model::{Error, Timestamp};
use crate::store::{Lease, Unit};

/// The lease of a channel.
///
/// # Errors
/// Those of the store.
pub fn find_lease(unit: &mut dyn Unit, channel: ChannelName) -> Result<Option<Lease>, Error> {
    unit.leases().find(channel)
}

/// Takes the lease where nobody holds it, or where it still is as it was `seen`. False where it is not.
///
/// # Errors
/// Those of the store.
pub fn take_lease(
    unit: &mut dyn Unit,
    channel: ChannelName,
    holder: &str,
    seen: Option<&Lease>,
    now: Timestamp,
) -> Result<bool, Error> {
    unit.leases().take(channel, holder, seen, now)
}

/// Shows that the holder lives. False where another took the lease.
///
/// # Errors
/// Those of the store.
pub fn renew_lease(unit: &mut dyn Unit, channel: ChannelName, holder: &str, now: Timestamp) -> Result<bool, Error> {
    unit.leases().renew(channel, holder, now)
}

/// Asks the holder for a heartbeat: an idle one gives none by itself.
///
/// # Errors
/// Those of the store.
pub fn challenge_lease(unit: &mut dyn Unit, channel: ChannelName) -> Result<(), Error> {
    unit.leases().challenge(channel)
}

/// Leaves the channel to whoever comes.
///
/// # Errors
/// Those of the store.
pub fn leave_lease(unit: &mut dyn Unit, channel: ChannelName, holder: &str) -> Result<(), Error> {
    unit.leases().leave(channel, holder)
}

/// Whether this holder may go on.
pub(super) fn holds(unit: &mut dyn Unit, channel: ChannelName, holder: &str) -> Result<bool, Error> {
    Ok(unit.leases().find(channel)?.is_some_and(|lease| lease.holder == holder))
}
