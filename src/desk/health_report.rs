//! Examines a store for problems that need an operator.

use std::time::Duration;

use crate::model::health::{Check, Facts, TOKEN_EXPIRY_NOTICE};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadHealthReport;

/// Runs every check. `limit` bounds the time of a quick integrity check; without it, the integrity check is complete.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn health_report(
    unit: &mut dyn Unit,
    caller: &Caller,
    limit: Option<Duration>,
    now: Timestamp,
) -> Result<Vec<Check>, Error> {
    caller.require(REQUIRES)?;
    let health = unit.health();
    let facts = Facts {
        integrity: health.integrity(limit)?,
        storage: health.storage()?,
        row_counts: health.row_counts(now, now.plus(TOKEN_EXPIRY_NOTICE))?,
        webhooks: health.webhooks()?,
        lease: health.delivery_lease()?,
        mails: health.mails()?,
    };
    Ok(facts.evaluate(now))
}
