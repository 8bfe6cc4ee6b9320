//! Tokens, by their digests.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::pagination::PageRequest;
use crate::model::principal::Principal;
use crate::model::token::{Digest, NewToken, TokenRecord};
use crate::model::{Error, Timestamp, TokenId};

/// Tokens, by their digests.
pub trait Tokens {
    /// Writes a token's record.
    fn insert(&mut self, token: &NewToken, digest: Digest, now: Timestamp) -> Result<TokenRecord, Error>;
    /// The record of the token with this digest.
    fn find(&mut self, digest: Digest) -> Result<Option<TokenRecord>, Error>;
    /// The record of this id.
    fn get(&mut self, id: TokenId) -> Result<Option<TokenRecord>, Error>;
    /// Records, newest first, of one principal or of all; ids below `after`, one more than the limit, where there is one.
    fn list(&mut self, principal: Option<&Principal>, ask: PageRequest) -> Result<Vec<TokenRecord>, Error>;
    /// Marks a record that is not yet revoked.
    ///
    /// # Errors
    /// [`Error::Changed`] where it was revoked meanwhile.
    fn revoke(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error>;
}
