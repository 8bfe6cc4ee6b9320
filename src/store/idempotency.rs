//! Responses stored under idempotency keys.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::idempotency::{IdempotencyKey, IdempotencyRecord, StoredResponse};
use crate::model::{Error, Timestamp};

/// Responses stored under idempotency keys.
pub trait IdempotencyKeys {
    /// Returns the response stored under this principal, endpoint and key, unless it has expired. Ignores the digest of
    /// the request body.
    fn find(&mut self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<IdempotencyRecord>, Error>;
    /// Stores a response until `until`, and replaces one that has expired.
    ///
    /// # Errors
    /// [`Error::Changed`] if a response that has not expired is stored under the key.
    fn insert(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), Error>;
    /// Deletes expired responses, the oldest first, at most `limit` of them. Returns their number.
    fn purge(&mut self, now: Timestamp, limit: u32) -> Result<usize, Error>;
}
