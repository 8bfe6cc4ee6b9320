//! Checks the whole store: its file, the references between its rows, and the audit log.

use super::audit::verify_each;
use crate::model::Error;
use crate::model::audit::Head;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::store_check::{StoreFinding, StoreReport};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadHealthReport;

/// Checks every page, index and reference, and verifies the audit log, which must contain the expected heads; the log of
/// a copy of an earlier version is not verified. `begin` and `done` report the progress of the log's verification.
///
/// # Errors
/// [`Error::MissingPermission`]; errors of the store.
pub fn check_store(
    unit: &mut dyn Unit,
    caller: &Caller,
    expected_heads: &[Head],
    begin: impl FnOnce(usize),
    done: impl FnMut(usize),
) -> Result<StoreReport, Error> {
    caller.require(REQUIRES)?;
    let errors = unit.health().integrity_errors()?;
    let mut findings: Vec<_> = errors.into_iter().map(StoreFinding::Integrity).collect();
    findings.extend(unit.health().orphans()?.into_iter().map(StoreFinding::Orphan));
    if !unit.health().has_current_schema()? {
        return Ok(StoreReport { head: None, findings });
    }
    let (verified, inconsistencies) = verify_each(unit, caller, expected_heads, begin, done)?;
    let head = inconsistencies.is_empty().then_some(verified.head);
    findings.extend(inconsistencies.into_iter().map(StoreFinding::Audit));
    Ok(StoreReport { head, findings })
}
