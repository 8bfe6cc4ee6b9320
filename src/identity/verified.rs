//! Tokens whose signature was checked, by their digests: a check takes longer than all else that a request needs. What is
//! remembered says nothing of the time; it is asked at each request whether the token is good then.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::claims::Believed;
use crate::model::token::Digest;

/// How many tokens a generation holds.
const GENERATION: usize = 8_192;

/// What was believed of the tokens that came last, by one set of keys. It is let go with the keys.
#[derive(Debug, Default)]
pub(super) struct Verified(Mutex<Generations>);

/// Two of them, so that those that come again stay when the older one goes.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Digest, Believed>,
    old: HashMap<Digest, Believed>,
}

impl Verified {
    /// What was believed of this token.
    pub(super) fn find(&self, token: Digest) -> Option<Believed> {
        let mut known = self.lock();
        if let Some(believed) = known.young.get(&token) {
            return Some(*believed);
        }
        let believed = known.old.remove(&token)?;
        known.keep(token, believed);
        Some(believed)
    }

    /// Remembers what is believed of a token whose signature was checked.
    pub(super) fn keep(&self, token: Digest, believed: Believed) {
        self.lock().keep(token, believed);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn keep(&mut self, token: Digest, believed: Believed) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(token, believed);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::Rules;
    use crate::model::Timestamp;

    fn digest(number: usize) -> Digest {
        Digest::of(&number.to_string())
    }

    #[test]
    fn what_comes_again_stays_and_no_more_than_two_generations_are_kept() {
        let now = Timestamp::from_second(0).unwrap();
        let claims = json!({"sub": "7", "exp": 60, "role": "customer"});
        let believed = Rules::default().judge(claims.as_object().unwrap(), now).unwrap();
        let verified = Verified::default();
        assert_eq!(verified.find(digest(0)), None);
        for number in 0..3 * GENERATION {
            verified.keep(digest(number), believed);
            assert_eq!(verified.find(digest(0)), Some(believed), "after {number}");
        }
        assert_eq!(verified.find(digest(1)), None);
        let known = verified.lock();
        assert!(known.young.len() + known.old.len() <= 2 * GENERATION);
    }
}
