//! Events in the outbox.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::event::{Audience, PublishedEvent};
use crate::model::{CustomerId, Error};

/// Events in the outbox.
pub trait Events {
    /// The highest sequence number that an event was given, whether or not that event is still there; 0 before the first.
    fn newest(&mut self) -> Result<i64, Error>;
    /// Whom the events after this number concern, in order; at most `limit` of them.
    fn audiences(&mut self, after: i64, limit: u32) -> Result<Vec<Audience>, Error>;
    /// The events that concern a customer after this number, in order; at most `limit` of them.
    fn of_customer(&mut self, customer: CustomerId, after: i64, limit: u32) -> Result<Vec<PublishedEvent>, Error>;
}
