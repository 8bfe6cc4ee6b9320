//! Idempotency keys: the identity of a request that a client may repeat, and the response stored for it.

use sha2::{Digest as _, Sha256};

use super::key::Key;
use super::principal::Principal;
use super::timestamp::DAY;
use super::{Error, Kind};

/// Maximum number of expired responses deleted with each insert: more than one, so that they cannot accumulate.
pub const EXPIRED_PER_INSERT: u32 = 8;

/// Identity of a request under an `Idempotency-Key` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The caller. Two callers may use the same key.
    pub principal: Principal,
    /// Method and route: `POST /close`.
    pub endpoint: &'static str,
    /// The client's key.
    pub key: Key,
    /// SHA-256 of the request target and the body.
    pub digest: [u8; 32],
    /// Retention of the response, in seconds.
    pub retention: i64,
}

impl IdempotencyKey {
    /// Builds the key of a request, with a retention of one day. Values in the target (path and query) count as part of
    /// the body.
    pub fn new(principal: Principal, endpoint: &'static str, key: Key, target: &str, body: &[u8]) -> Self {
        // No target contains a line feed, so a target cannot be mistaken for the beginning of a body.
        let digest = Sha256::new().chain_update(target).chain_update(b"\n").chain_update(body).finalize();
        Self { principal, endpoint, key, digest: digest.into(), retention: DAY }
    }

    /// Returns the stored response for a repeated request.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the stored response belongs to another target or body.
    pub fn replay(&self, record: IdempotencyRecord) -> Result<StoredResponse, Error> {
        if record.digest == self.digest { Ok(record.response) } else { Err(Error::KeyReused) }
    }
}

/// Response of an endpoint, as it is sent and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// HTTP status, 200 to 499.
    pub status: u16,
    /// Value of `Content-Language`.
    pub language: String,
    /// JSON body, byte for byte.
    pub body: Vec<u8>,
}

/// Stored response with the digest of the request that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// SHA-256 of that request's target and body.
    pub digest: [u8; 32],
    /// The response.
    pub response: StoredResponse,
}

impl Error {
    /// Returns true for rejections by a use case, which a retry would repeat. Failures of the server (store, panic,
    /// changed row) are not stored, since a retry may succeed.
    pub fn is_settled(&self) -> bool {
        match self.kind() {
            Kind::Invalid | Kind::NotFound | Kind::Refused | Kind::Forbidden | Kind::Gone | Kind::KeyReused => true,
            Kind::Unauthorized | Kind::Unavailable | Kind::Broken => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CustomerId, StoreError, TicketId, TokenError};

    fn key_for(target: &str, body: &[u8]) -> IdempotencyKey {
        IdempotencyKey::new(Principal::Customer(CustomerId::FIRST), "POST /", Key::new("k").unwrap(), target, body)
    }

    fn key(body: &[u8]) -> IdempotencyKey {
        key_for("/", body)
    }

    #[test]
    fn values_in_the_target_count_as_part_of_the_body() {
        let response = StoredResponse { status: 200, language: "en".to_owned(), body: b"{}".to_vec() };
        for other in ["/7", "/?x=1", ""] {
            let record = IdempotencyRecord { digest: key(b"{}").digest, response: response.clone() };
            assert!(matches!(key_for(other, b"{}").replay(record), Err(Error::KeyReused)), "{other}");
        }
        assert_ne!(key_for("/7", b"").digest, key_for("/", b"7").digest);
    }

    #[test]
    fn a_stored_response_is_replayed_for_the_same_bytes_only() {
        let response = StoredResponse { status: 200, language: "en".to_owned(), body: b"{}".to_vec() };
        let record = IdempotencyRecord { digest: key(b"{}").digest, response: response.clone() };
        assert_eq!(key(b"{}").replay(record.clone()).unwrap(), response);
        assert!(matches!(key(b"{ }").replay(record), Err(Error::KeyReused)));
    }

    #[test]
    fn only_rejections_by_use_cases_are_settled() {
        assert!(Error::TicketNotFound(TicketId::FIRST).is_settled());
        assert!(Error::AlreadyClosed(TicketId::FIRST).is_settled());
        assert!(Error::NotOwner(TicketId::FIRST).is_settled());
        assert!(!Error::Changed("ticket").is_settled());
        assert!(!Error::Panicked(String::new()).is_settled());
        assert!(!Error::store(StoreError::Busy, "busy").is_settled());
        assert!(!Error::BadToken(TokenError::Unknown).is_settled());
    }
}
