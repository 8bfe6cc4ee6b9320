//! Responses stored under idempotency keys.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::idempotency::{IdempotencyKey, IdempotencyRecord, StoredResponse};
use crate::model::{Error, Timestamp};

/// Answers that are kept for requests that may come again.
pub trait IdempotencyKeys {
    /// The answer to this principal, endpoint and key that is kept at this instant, whatever body it answered.
    fn find(&mut self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<IdempotencyRecord>, Error>;
    /// Keeps an answer until then, in the place of one that has expired now.
    ///
    /// # Errors
    /// [`Error::Changed`] where another is kept that has not.
    fn insert(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), Error>;
    /// Drops at most so many expired answers, the oldest first; says how many these were.
    fn purge(&mut self, now: Timestamp, most: u32) -> Result<usize, Error>;
}
