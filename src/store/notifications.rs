//! Notifications, by customer.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::pagination::PageRequest;
use crate::model::{CustomerId, Error, Timestamp};

/// Notifications, by customer.
pub trait Notifications {
    /// Returns a customer's notifications, all or only the unread, newest first, with ids below `page.after.id`; at
    /// most `page.limit` + 1 of them.
    fn inbox(&mut self, customer: CustomerId, unread: bool, page: PageRequest) -> Result<Vec<InboxItem>, Error>;
    /// Returns the number of a customer's unread notifications.
    fn count_unread(&mut self, customer: CustomerId) -> Result<i64, Error>;
    /// Marks the selected unread notifications of a customer as read. Returns their number.
    fn mark_read(&mut self, customer: CustomerId, selection: &ReadSelection, now: Timestamp) -> Result<usize, Error>;
}
