//! Customers.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::customer::Customer;
use crate::model::{CustomerId, Error};

/// Customers.
pub trait Customers {
    /// Returns the customer with this id, if any.
    fn find(&mut self, id: CustomerId) -> Result<Option<Customer>, Error>;
    /// Inserts a customer.
    fn insert(&mut self, customer: &Customer) -> Result<(), Error>;
}
