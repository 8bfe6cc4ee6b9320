//! Backs the store up.

use crate::model::backup::{CopyProgress, Manifest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Error, Location, Timestamp};
use crate::store::Store;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::BackUpStore;

/// Writes a verified copy of the store with its manifest beside it. `progress` returns false to give up.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Store`] if the place is taken and `replace` is not set, or if the copy cannot
/// be written or verified, with nothing replaced.
pub fn back_up(
    store: &Store,
    caller: &Caller,
    copy: &Location,
    replace: bool,
    now: Timestamp,
    progress: &mut dyn FnMut(CopyProgress) -> bool,
) -> Result<Manifest, Error> {
    caller.require(REQUIRES)?;
    store.back_up(copy, replace, now, progress)
}
