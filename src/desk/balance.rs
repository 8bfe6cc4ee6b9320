//! What a customer has, and how it came about.

use super::known_customer;
use crate::model::ledger::{Balance, LedgerLine};
use crate::model::page::{Ask, Cursor, Page};
use crate::model::{CustomerId, Error};
use crate::store::Unit;

/// The sum of a customer's ledger.
///
/// # Errors
/// `CUSTOMER_NOT_FOUND`.
pub fn balance(unit: &mut dyn Unit, customer: CustomerId) -> Result<Balance, Error> {
    known_customer(unit, customer)?;
    unit.points().balance(customer)
}

/// A customer's ledger, newest first.
///
/// # Errors
/// `CUSTOMER_NOT_FOUND`.
pub fn history(unit: &mut dyn Unit, customer: CustomerId, ask: Ask) -> Result<Page<LedgerLine>, Error> {
    known_customer(unit, customer)?;
    let rows = unit.points().history(customer, ask)?;
    Ok(Page::cut(rows, ask.limit, |line| Cursor::newest(line.at, line.id)))
}
