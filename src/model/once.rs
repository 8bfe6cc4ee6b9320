//! What makes a repeated request safe: the key it came under, and the answer that is kept for it.

use sha2::{Digest as _, Sha256};

use super::clock::DAY;
use super::key::Key;
use super::principal::Principal;
use super::{Error, Kind};

/// How many expired answers go whenever one is kept: more than one, so that they cannot pile up.
pub const SWEPT: u32 = 8;

/// A request that may come again: whose it is, to which endpoint, under which key, with which body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Who asks.
    pub principal: Principal,
    /// The endpoint, by its method and path: `POST /close`.
    pub endpoint: &'static str,
    /// The caller's key.
    pub key: Key,
    /// SHA-256 of the target and the body, as they were sent.
    pub body: [u8; 32],
    /// How long its answer is kept, in seconds.
    pub kept: i64,
}

impl Once {
    /// The request of this principal to this endpoint, under this key; its answer is kept for a day. Values in the target
    /// (the path and the query) count as part of the body.
    pub fn new(principal: Principal, endpoint: &'static str, key: Key, target: &str, body: &[u8]) -> Self {
        // No target holds a line end, so that none can pass for the beginning of a body.
        let digest = Sha256::new().chain_update(target).chain_update(b"\n").chain_update(body).finalize();
        Self { principal, endpoint, key, body: digest.into(), kept: DAY }
    }

    /// The answer to give again.
    ///
    /// # Errors
    /// [`Error::KeyReused`] where the kept one answered another body.
    pub fn again(&self, kept: Kept) -> Result<Answer, Error> {
        if kept.body == self.body { Ok(kept.answer) } else { Err(Error::KeyReused) }
    }
}

/// An answer as a client reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, 200 to 499.
    pub status: u16,
    /// The language it is said in.
    pub language: String,
    /// The JSON, byte for byte.
    pub text: Vec<u8>,
}

/// An answer that was kept, with the digest of the body it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of that body.
    pub body: [u8; 32],
    /// The answer.
    pub answer: Answer,
}

impl Error {
    /// Whether the desk's rules refused, so that the same request would be refused again. What failed on our side may
    /// go well the next time.
    pub fn is_settled(&self) -> bool {
        match self.kind() {
            Kind::Invalid | Kind::NotFound | Kind::Refused | Kind::Forbidden | Kind::Gone | Kind::Conflict => true,
            Kind::Unauthorized | Kind::Unavailable | Kind::Broken => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CustomerId, StoreFault, TicketId, TokenError};

    fn once_to(target: &str, body: &[u8]) -> Once {
        Once::new(Principal::Customer(CustomerId::FIRST), "POST /", Key::new("k").unwrap(), target, body)
    }

    fn once(body: &[u8]) -> Once {
        once_to("/", body)
    }

    #[test]
    fn values_in_the_target_count_as_part_of_the_body() {
        let answer = Answer { status: 200, language: "en".to_owned(), text: b"{}".to_vec() };
        for other in ["/7", "/?x=1", ""] {
            let kept = Kept { body: once(b"{}").body, answer: answer.clone() };
            assert!(matches!(once_to(other, b"{}").again(kept), Err(Error::KeyReused)), "{other}");
        }
        assert_ne!(once_to("/7", b"").body, once_to("/", b"7").body);
    }

    #[test]
    fn a_kept_answer_is_for_the_same_bytes_alone() {
        let answer = Answer { status: 200, language: "en".to_owned(), text: b"{}".to_vec() };
        let kept = Kept { body: once(b"{}").body, answer: answer.clone() };
        assert_eq!(once(b"{}").again(kept.clone()).unwrap(), answer);
        assert!(matches!(once(b"{ }").again(kept), Err(Error::KeyReused)));
    }

    #[test]
    fn only_what_the_desk_refused_is_settled() {
        assert!(Error::TicketNotFound(TicketId::FIRST).is_settled());
        assert!(Error::AlreadyClosed(TicketId::FIRST).is_settled());
        assert!(Error::NotYours(TicketId::FIRST).is_settled());
        assert!(!Error::Changed("ticket").is_settled());
        assert!(!Error::Panicked(String::new()).is_settled());
        assert!(!Error::store(StoreFault::Busy, "busy").is_settled());
        assert!(!Error::BadToken(TokenError::Unknown).is_settled());
    }
}
