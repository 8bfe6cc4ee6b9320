//! Keys in use: a single key, or a JSON Web Key Set (RFC 7517) from which a token selects by `kid`.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio::sync::watch;

use super::algorithm::Algorithm;
use super::error::KeyError;
use super::key::Key;
use super::token::Token;
use super::verified::VerifiedTokens;
use crate::model::{TokenError, json};

/// Keys that verify tokens.
#[derive(Debug)]
pub(super) enum Keys {
    /// Single key, used for every `kid`.
    One(Key),
    /// Key set.
    Set(Vec<Key>),
}

/// Position in a key set, such as `keys[2].n` (empty for the whole set), and the error.
pub(super) type PositionedError = (String, KeyError);

impl Keys {
    /// Parses a key set and returns its usable keys. Logs a warning for each key that is skipped; `source` names the
    /// set in the log.
    ///
    /// # Errors
    /// The first error, or [`KeyError::NoKeys`], if no key is usable.
    pub(super) fn parse_usable(bytes: &[u8], exposed: bool, source: &str) -> Result<Self, PositionedError> {
        let (keys, errors) = Self::parse(bytes, exposed).map_err(|error| (String::new(), error))?;
        if keys.is_empty() {
            return Err(errors.into_iter().next().unwrap_or((String::new(), KeyError::NoKeys)));
        }
        for (position, error) in errors {
            tracing::warn!(source, position, cause = %error, "a key of the identity service is not used");
        }
        Ok(Self::Set(keys))
    }

    /// Parses a key set into its keys and the errors of unusable keys. In an exposed set, a secret is an error, because
    /// everyone who can read it can sign.
    ///
    /// # Errors
    /// [`KeyError::NotASet`].
    pub(super) fn parse(bytes: &[u8], exposed: bool) -> Result<(Vec<Key>, Vec<PositionedError>), KeyError> {
        let document = json::parse(bytes).map_err(|_| KeyError::NotASet)?;
        let entries = document.get("keys").and_then(Value::as_array).ok_or(KeyError::NotASet)?;
        let (mut keys, mut errors) = (Vec::new(), Vec::new());
        for (at, entry) in entries.iter().enumerate() {
            match entry.as_object().ok_or(("", KeyError::Malformed)).and_then(Key::from_jwk) {
                Ok(Some(key)) if exposed && key.is_secret() => {
                    errors.push((format!("keys[{at}].k"), KeyError::Exposed));
                }
                Ok(Some(key)) => keys.push(key),
                Ok(None) => {}
                Err((member, error)) => {
                    let position = format!("keys[{at}].{member}");
                    errors.push((position.trim_end_matches('.').to_owned(), error));
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

    /// Verifies the signature of the token.
    pub(super) fn verify_signature(&self, token: &Token<'_>) -> Result<(), TokenError> {
        let has_signed = |key: &Key| key.verify_signature(token.signing_input, token.signature, token.algorithm);
        let keys = match self {
            Self::One(key) => vec![key],
            Self::Set(keys) => select(keys, token.key.as_deref(), token.algorithm)?,
        };
        if !keys.iter().any(|key| key.allows(token.algorithm)) {
            return Err(TokenError::Algorithm);
        }
        if keys.into_iter().any(has_signed) { Ok(()) } else { Err(TokenError::Signature) }
    }
}

/// Returns the keys that may have signed the token: those with its `kid`, or, without a `kid`, the only key for its
/// algorithm.
fn select<'k>(keys: &'k [Key], id: Option<&str>, algorithm: Algorithm) -> Result<Vec<&'k Key>, TokenError> {
    let candidates: Vec<&Key> = match id {
        Some(_) => keys.iter().filter(|key| key.id.as_deref() == id).collect(),
        None => keys.iter().filter(|key| key.allows(algorithm)).collect(),
    };
    match (id, candidates.len()) {
        (_, 0) => Err(TokenError::UnknownKey),
        (Some(_), _) | (None, 1) => Ok(candidates),
        (None, _) => Err(TokenError::AmbiguousKey),
    }
}

/// Keys, and the cache of tokens verified with them. New keys start with an empty cache.
#[derive(Debug)]
pub(super) struct KeyRing {
    pub(super) keys: Keys,
    pub(super) verified: VerifiedTokens,
}

/// Current keys, which another thread may replace.
#[derive(Debug)]
pub(super) struct CurrentKeys {
    ring: RwLock<Arc<KeyRing>>,
    /// Number of replacements.
    replacements: watch::Sender<u64>,
}

impl CurrentKeys {
    pub(super) fn new(keys: Keys) -> Self {
        Self { ring: RwLock::new(Arc::new(KeyRing::new(keys))), replacements: watch::Sender::new(0) }
    }

    pub(super) fn get(&self) -> Arc<KeyRing> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set(&self, keys: Keys) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(KeyRing::new(keys));
        self.replacements.send_modify(|count| *count += 1);
    }

    /// Returns a receiver that changes when the keys are replaced.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.replacements.subscribe()
    }
}

impl KeyRing {
    fn new(keys: Keys) -> Self {
        Self { keys, verified: VerifiedTokens::default() }
    }
}
