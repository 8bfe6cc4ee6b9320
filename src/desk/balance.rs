//! What a customer has, and how it came about.

use super::find::known_customer;
use crate::model::ledger::{Balance, LedgerLine};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{CustomerId, Error};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadPoints;

/// The sum of a customer's ledger.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn balance(unit: &mut dyn Unit, caller: &Caller, customer: CustomerId) -> Result<Balance, Error> {
    caller.require(REQUIRES)?;
    known_customer(unit, customer)?;
    unit.ledger().balance(customer)
}

/// A customer's ledger, newest first.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn history(
    unit: &mut dyn Unit,
    caller: &Caller,
    customer: CustomerId,
    ask: PageRequest,
) -> Result<Page<LedgerLine>, Error> {
    caller.require(REQUIRES)?;
    known_customer(unit, customer)?;
    let rows = unit.ledger().history(customer, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |line| Cursor::newest(line.at, line.id)))
}
