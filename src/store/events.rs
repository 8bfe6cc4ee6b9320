//! Events of the outbox.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::event::{Audience, PublishedEvent};
use crate::model::{CustomerId, Error};

/// Events of the outbox.
pub trait Events {
    /// Returns the highest sequence number in use so far, including those of purged events; 0 before the first event.
    fn newest(&mut self) -> Result<i64, Error>;
    /// Returns the audiences of the events after this sequence number, in order; at most `limit` of them.
    fn audiences(&mut self, after: i64, limit: u32) -> Result<Vec<Audience>, Error>;
    /// Returns the events for a customer after this sequence number, in order; at most `limit` of them.
    fn of_customer(&mut self, customer: CustomerId, after: i64, limit: u32) -> Result<Vec<PublishedEvent>, Error>;
}
