//! The keys in use: one of its own, or a JSON Web Key Set (RFC 7517) that a token chooses from by its `kid`.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio::sync::watch;

use super::algorithm::Algorithm;
use super::error::KeyError;
use super::key::Key;
use super::token::Token;
use super::verified::Verified;
use crate::model::{TokenError, json};

/// The keys that verify tokens.
#[derive(Debug)]
pub(super) enum Keys {
    /// One, whatever `kid` a token names.
    One(Key),
    /// A set.
    Set(Vec<Key>),
}

/// Error at a place in a set: the place, such as `keys[2].n` (empty for the set as a whole), and the error.
pub(super) type Misplaced = (String, KeyError);

impl Keys {
    /// The usable keys of a set. Each of the others is skipped with a line in the log that names this source.
    ///
    /// # Errors
    /// Where no key is usable: the first error, or [`KeyError::NoKeys`].
    pub(super) fn usable(bytes: &[u8], exposed: bool, source: &str) -> Result<Self, Misplaced> {
        let (keys, errors) = Self::read(bytes, exposed).map_err(|error| (String::new(), error))?;
        if keys.is_empty() {
            return Err(errors.into_iter().next().unwrap_or((String::new(), KeyError::NoKeys)));
        }
        for (place, error) in errors {
            tracing::warn!(source, place, cause = %error, "a key of the identity service is not used");
        }
        Ok(Self::Set(keys))
    }

    /// Reads a set into its keys and the errors of those that cannot be used. In an exposed set, a secret is a error:
    /// whoever can read it could sign.
    ///
    /// # Errors
    /// [`KeyError::NotASet`].
    pub(super) fn read(bytes: &[u8], exposed: bool) -> Result<(Vec<Key>, Vec<Misplaced>), KeyError> {
        let document = json::parse(bytes).map_err(|_| KeyError::NotASet)?;
        let entries = document.get("keys").and_then(Value::as_array).ok_or(KeyError::NotASet)?;
        let (mut keys, mut errors) = (Vec::new(), Vec::new());
        for (at, entry) in entries.iter().enumerate() {
            match entry.as_object().ok_or(("", KeyError::Malformed)).and_then(Key::of_jwk) {
                Ok(Some(key)) if exposed && key.is_secret() => {
                    errors.push((format!("keys[{at}].k"), KeyError::Exposed));
                }
                Ok(Some(key)) => keys.push(key),
                Ok(None) => {}
                Err((member, error)) => {
                    let place = format!("keys[{at}].{member}");
                    errors.push((place.trim_end_matches('.').to_owned(), error));
                }
            }
        }
        Ok((keys, errors))
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Set(keys) => keys.len(),
        }
    }

    /// Whether one of them signed the token.
    pub(super) fn check(&self, token: &Token<'_>) -> Result<(), TokenError> {
        let signed = |key: &Key| key.signed(token.signed, token.signature, token.algorithm);
        let keys = match self {
            Self::One(key) => vec![key],
            Self::Set(keys) => choose(keys, token.key.as_deref(), token.algorithm)?,
        };
        if !keys.iter().any(|key| key.allows(token.algorithm)) {
            return Err(TokenError::Algorithm);
        }
        if keys.into_iter().any(signed) { Ok(()) } else { Err(TokenError::Signature) }
    }
}

/// The keys that the token may mean: those of its `kid`; without one, the only key for its algorithm.
fn choose<'k>(keys: &'k [Key], id: Option<&str>, algorithm: Algorithm) -> Result<Vec<&'k Key>, TokenError> {
    let meant: Vec<&Key> = match id {
        Some(_) => keys.iter().filter(|key| key.id.as_deref() == id).collect(),
        None => keys.iter().filter(|key| key.allows(algorithm)).collect(),
    };
    match (id, meant.len()) {
        (_, 0) => Err(TokenError::UnknownKey),
        (Some(_), _) | (None, 1) => Ok(meant),
        (None, _) => Err(TokenError::AmbiguousKey),
    }
}

/// Keys, and what was believed of the tokens that they signed: new keys begin without any.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) keys: Keys,
    pub(super) verified: Verified,
}

/// The keys as they are now, which another thread may replace.
#[derive(Debug)]
pub(super) struct Held {
    ring: RwLock<Arc<Ring>>,
    /// How often they were replaced.
    changes: watch::Sender<u64>,
}

impl Held {
    pub(super) fn new(keys: Keys) -> Self {
        Self { ring: RwLock::new(Arc::new(Ring::new(keys))), changes: watch::Sender::new(0) }
    }

    pub(super) fn get(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set(&self, keys: Keys) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Ring::new(keys));
        self.changes.send_modify(|count| *count += 1);
    }

    /// Changes whenever other keys are in use.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

impl Ring {
    fn new(keys: Keys) -> Self {
        Self { keys, verified: Verified::default() }
    }
}
