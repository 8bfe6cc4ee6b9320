//! Examines a store: what its owner wants to know, and what needs them.

use std::time::Duration;

use crate::model::health::{Check, Facts, TOKEN_NOTICE};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Looks at everything: whether the file holds together quickly and for at most so long, or wholly.
///
/// # Errors
/// Those of the store.
pub fn examine(unit: &mut dyn Unit, most: Option<Duration>, now: Timestamp) -> Result<Vec<Check>, Error> {
    let health = unit.health();
    let facts = Facts {
        integrity: health.integrity(most)?,
        place: health.place()?,
        tallies: health.tallies(now, now.plus(TOKEN_NOTICE))?,
        webhooks: health.webhooks()?,
        lease: health.courier()?,
        mails: health.mails()?,
    };
    Ok(facts.judge(now))
}
