//! Lets go of what is older than it need be, a few rows at a time. Tickets, the audit log and the ledger stay.

use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::retain::{BATCH, Growing, Mark, Retention, last_to_go};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::PurgeOldRows;

/// What one go did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
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
pub fn retire(
    unit: &mut dyn Unit,
    caller: &Caller,
    what: Growing,
    retention: &Retention,
    now: Timestamp,
) -> Result<Retired, Error> {
    caller.require(REQUIRES)?;
    let Some(before) = retention.before(what, now) else { return Ok(Retired { rows: 0, more: false }) };
    let rows = match what {
        Growing::Events | Growing::Notifications => oldest(unit, what, before)?,
        Growing::Keys => unit.answers().forget(before, BATCH)?,
        Growing::Deliveries => unit.past().let_deliveries_go(before, BATCH)?,
        Growing::Audit | Growing::Ledger => 0,
    };
    Ok(Retired { rows, more: rows > 0 })
}

/// Lets go of the oldest rows of a table whose numbers tell their age.
fn oldest(unit: &mut dyn Unit, what: Growing, before: Timestamp) -> Result<usize, Error> {
    let past = unit.past();
    let Mark { through, .. } = past.mark(what)?;
    let rows = past.oldest(what, through, BATCH)?;
    let needed = if what == Growing::Events { past.needed_event()? } else { None };
    let Some(mark) = last_to_go(&rows, before, needed, rows.len() == BATCH as usize) else { return Ok(0) };
    past.let_go(what, through, mark)
}
