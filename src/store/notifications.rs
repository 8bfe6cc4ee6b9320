//! Notifications, by customer.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::pagination::PageRequest;
use crate::model::{CustomerId, Error, Timestamp};

/// Notifications, by customer.
pub trait Notifications {
    /// A customer's notifications, or only those not yet read, newest first (`ask.after.id`); one more than the limit.
    fn inbox(&mut self, customer: CustomerId, unread: bool, ask: PageRequest) -> Result<Vec<InboxItem>, Error>;
    /// How many notifications a customer has not read.
    fn count_unread(&mut self, customer: CustomerId) -> Result<i64, Error>;
    /// Marks a customer's own notifications that were not read; says how many these were.
    fn mark_read(&mut self, customer: CustomerId, marking: &ReadSelection, now: Timestamp) -> Result<usize, Error>;
}
