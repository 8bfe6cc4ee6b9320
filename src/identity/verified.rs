//! Cache of verified tokens by digest: verifying a signature costs more than the rest of a request. The validity period
//! is not cached; it is checked at each request.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::claims::VerifiedToken;
use crate::model::token::Digest;

/// Maximum number of tokens in a generation.
const GENERATION_SIZE: usize = 8_192;

/// Tokens that were verified with one set of keys. Dropped with the keys.
#[derive(Debug, Default)]
pub(super) struct VerifiedTokens(Mutex<Generations>);

/// Two generations: when the young one is full, it replaces the old one. Tokens in use move to the young one.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Digest, VerifiedToken>,
    old: HashMap<Digest, VerifiedToken>,
}

impl VerifiedTokens {
    /// Returns the result for this token, if cached.
    pub(super) fn find(&self, token: Digest) -> Option<VerifiedToken> {
        let mut known = self.lock();
        if let Some(verified) = known.young.get(&token) {
            return Some(*verified);
        }
        let verified = known.old.remove(&token)?;
        known.insert(token, verified);
        Some(verified)
    }

    /// Stores the result for a token.
    pub(super) fn insert(&self, token: Digest, verified: VerifiedToken) {
        self.lock().insert(token, verified);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn insert(&mut self, token: Digest, verified: VerifiedToken) {
        if self.young.len() >= GENERATION_SIZE {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(token, verified);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::ClaimRules;
    use crate::model::Timestamp;

    fn digest(number: usize) -> Digest {
        Digest::of(&number.to_string())
    }

    #[test]
    fn tokens_in_use_stay_cached_and_at_most_two_generations_are_kept() {
        let now = Timestamp::from_second(0).unwrap();
        let claims = json!({"sub": "7", "exp": 60, "role": "customer"});
        let verified = ClaimRules::default().validate(claims.as_object().unwrap(), now).unwrap();
        let cache = VerifiedTokens::default();
        assert_eq!(cache.find(digest(0)), None);
        for number in 0..3 * GENERATION_SIZE {
            cache.insert(digest(number), verified);
            assert_eq!(cache.find(digest(0)), Some(verified), "after {number}");
        }
        assert_eq!(cache.find(digest(1)), None);
        let known = cache.lock();
        assert!(known.young.len() + known.old.len() <= 2 * GENERATION_SIZE);
    }
}
