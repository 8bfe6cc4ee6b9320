//! Lets go of what is older than it need be, a few rows at a time. Tickets, the audit log and the ledger stay.

use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::retention::{BATCH, PurgeMark, RetentionClass, RetentionPolicy, purge_through};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::PurgeOldRows;

/// What one go did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// How many rows went, at most [`BATCH`]; whom an event concerned goes with it and is not counted.
    pub rows: usize,
    /// Whether more may follow at once.
    pub more: bool,
}

/// Lets go of some of the oldest rows of one kind. Whoever else does the same meanwhile, in this process or another, finds
/// the rest.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn purge(
    unit: &mut dyn Unit,
    caller: &Caller,
    what: RetentionClass,
    retention: &RetentionPolicy,
    now: Timestamp,
) -> Result<Purged, Error> {
    caller.require(REQUIRES)?;
    let Some(before) = retention.cutoff(what, now) else { return Ok(Purged { rows: 0, more: false }) };
    let rows = match what {
        RetentionClass::Events | RetentionClass::Notifications => oldest(unit, what, before)?,
        RetentionClass::Keys => unit.idempotency_keys().purge(before, BATCH)?,
        RetentionClass::Deliveries => unit.retention().purge_deliveries(before, BATCH)?,
        RetentionClass::Audit | RetentionClass::Ledger => 0,
    };
    Ok(Purged { rows, more: rows > 0 })
}

/// Lets go of the oldest rows of a table whose numbers tell their age.
fn oldest(unit: &mut dyn Unit, what: RetentionClass, before: Timestamp) -> Result<usize, Error> {
    let past = unit.retention();
    let PurgeMark { through, .. } = past.mark(what)?;
    let rows = past.oldest(what, through, BATCH)?;
    let needed = if what == RetentionClass::Events { past.needed_event()? } else { None };
    let Some(mark) = purge_through(&rows, before, needed, rows.len() == BATCH as usize) else { return Ok(0) };
    past.purge(what, through, mark)
}
