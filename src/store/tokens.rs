//! Tokens, of which the store has only the digests.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::pagination::PageRequest;
use crate::model::principal::Principal;
use crate::model::token::{Digest, NewToken, TokenRecord};
use crate::model::{Error, Timestamp, TokenId};

/// Tokens, of which the store has only the digests.
pub trait Tokens {
    /// Inserts a token.
    fn insert(&mut self, token: &NewToken, digest: Digest, now: Timestamp) -> Result<TokenRecord, Error>;
    /// Returns the token with this digest, if any.
    fn find(&mut self, digest: Digest) -> Result<Option<TokenRecord>, Error>;
    /// Returns the token with this id, if any.
    fn get(&mut self, id: TokenId) -> Result<Option<TokenRecord>, Error>;
    /// Returns the tokens of one principal or of all, newest first, with ids below `page.after.id`; at most
    /// `page.limit` + 1 of them.
    fn list(&mut self, principal: Option<&Principal>, page: PageRequest) -> Result<Vec<TokenRecord>, Error>;
    /// Revokes a token.
    ///
    /// # Errors
    /// [`Error::Changed`] if it is revoked already.
    fn revoke(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error>;
}
