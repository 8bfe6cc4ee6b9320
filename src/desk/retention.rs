//! Purges expired rows in batches. Tickets, the audit log and the ledger are never purged.

use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::retention::{PURGE_BATCH, PurgeMark, RetentionClass, RetentionPolicy, purge_through};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::PurgeOldRows;

/// Result of purging one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Number of purged rows, at most [`PURGE_BATCH`]. Audience rows purged with their event are not counted.
    pub rows: usize,
    /// True if more rows may have expired.
    pub more: bool,
}

/// Purges a batch of the oldest rows of one class. Concurrent calls, also by other processes, purge disjoint rows.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn purge(
    unit: &mut dyn Unit,
    caller: &Caller,
    class: RetentionClass,
    retention: &RetentionPolicy,
    now: Timestamp,
) -> Result<Purged, Error> {
    caller.require(REQUIRES)?;
    let Some(before) = retention.cutoff(class, now) else { return Ok(Purged { rows: 0, more: false }) };
    let rows = match class {
        RetentionClass::Events | RetentionClass::Notifications => purge_oldest(unit, class, before)?,
        RetentionClass::Keys => unit.idempotency_keys().purge(before, PURGE_BATCH)?,
        RetentionClass::Deliveries => unit.retention().purge_deliveries(before, PURGE_BATCH)?,
        RetentionClass::Audit | RetentionClass::Ledger => 0,
    };
    Ok(Purged { rows, more: rows > 0 })
}

/// Purges the oldest rows of a table whose ids increase with time.
fn purge_oldest(unit: &mut dyn Unit, class: RetentionClass, before: Timestamp) -> Result<usize, Error> {
    let retention = unit.retention();
    let PurgeMark { through, .. } = retention.mark(class)?;
    let rows = retention.oldest(class, through, PURGE_BATCH)?;
    let needed = if class == RetentionClass::Events { retention.needed_event()? } else { None };
    let Some(mark) = purge_through(&rows, before, needed, rows.len() == PURGE_BATCH as usize) else { return Ok(0) };
    retention.purge(class, through, mark)
}
