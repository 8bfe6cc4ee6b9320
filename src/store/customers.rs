//! Customers.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::customer::Customer;
use crate::model::{CustomerId, Error};

/// Customers.
pub trait Customers {
    /// The customer of this id.
    fn find(&mut self, id: CustomerId) -> Result<Option<Customer>, Error>;
    /// Writes a customer.
    fn insert(&mut self, customer: &Customer) -> Result<(), Error>;
}
