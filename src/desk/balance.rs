//! Reads a customer's balance and ledger.

use super::find::known_customer;
use crate::model::ledger::{Balance, LedgerLine};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadPoints;

/// Returns the sum of a customer's ledger.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn balance(unit: &mut dyn Unit, caller: &Caller, customer: CustomerId) -> Result<Balance, Error> {
    caller.require(REQUIRES)?;
    known_customer(unit, customer)?;
    unit.ledger().balance(customer)
}

/// Returns a customer's ledger, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn history(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    page: PageRequest,
) -> Result<Page<LedgerLine>, Error> {
    caller.require(REQUIRES)?;
    known_customer(unit, customer)?;
    let rows = unit.ledger().history(customer, page)?;
    Ok(Page::from_rows(rows, page.limit, |line| Cursor::at_row(line.at, line.id)))
}
