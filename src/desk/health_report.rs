//! Examines a store: what its owner wants to know, and what needs them.

use std::time::Duration;

use crate::model::health::{Check, Facts, TOKEN_NOTICE};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadHealthReport;

/// Looks at everything: whether the file holds together quickly and for at most so long, or wholly.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn health_report(
    unit: &mut dyn Unit,
    caller: &Caller,
    most: Option<Duration>,
    now: Timestamp,
) -> Result<Vec<Check>, Error> {
    caller.require(REQUIRES)?;
    let health = unit.health();
    let facts = Facts {
        integrity: health.integrity(most)?,
        place: health.storage()?,
        tallies: health.tallies(now, now.plus(TOKEN_NOTICE))?,
        webhooks: health.webhooks()?,
        lease: health.delivery_lease()?,
        mails: health.mails()?,
    };
    Ok(facts.judge(now))
}
