//! The keys in use: one of its own, or a JSON Web Key Set (RFC 7517) that a token chooses from by its `kid`.

use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::Algorithm;
use serde_json::Value;
use tokio::sync::watch;

use super::fault::KeyFault;
use super::key::{Entry, Key};
use super::token::{Token, Why};
use super::verified::Verified;
use crate::model::json;

/// The keys that verify tokens.
#[derive(Debug)]
pub(super) enum Keys {
    /// One, whatever `kid` a token names.
    One(Key),
    /// A set.
    Set(Vec<Key>),
}

/// What is wrong with a place in a set: the place, such as `keys[2].n`, and the fault.
pub(super) type Misplaced = (String, KeyFault);

impl Keys {
    /// Reads a set; beside its keys, what is wrong with those that cannot be used.
    ///
    /// # Errors
    /// [`KeyFault::NotASet`].
    pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Key>, Vec<Misplaced>), KeyFault> {
        let document = json::parse(bytes).map_err(|_| KeyFault::NotASet)?;
        let entries = document.get("keys").and_then(Value::as_array).ok_or(KeyFault::NotASet)?;
        let (mut keys, mut faults) = (Vec::new(), Vec::new());
        for (at, entry) in entries.iter().enumerate() {
            match entry.as_object().ok_or(("", KeyFault::Malformed)).and_then(Key::of_jwk) {
                Ok(Entry::Key(key)) => keys.push(key),
                Ok(Entry::Other) => {}
                Err((member, fault)) => {
                    let place = format!("keys[{at}].{member}");
                    faults.push((place.trim_end_matches('.').to_owned(), fault));
                }
            }
        }
        Ok((keys, faults))
    }

    /// Whether one of them signed the token.
    pub(super) fn check(&self, token: &Token<'_>) -> Result<(), Why> {
        let signed = |key: &Key| key.signed(token.signed, token.signature, token.algorithm);
        let keys = match self {
            Self::One(key) => vec![key],
            Self::Set(keys) => choose(keys, token.key.as_deref(), token.algorithm)?,
        };
        if !keys.iter().any(|key| key.allows(token.algorithm)) {
            return Err(Why::Algorithm);
        }
        if keys.into_iter().any(signed) { Ok(()) } else { Err(Why::Signature) }
    }
}

/// The keys that the token may mean: those of its `kid`; without one, the only key for its algorithm.
fn choose<'k>(keys: &'k [Key], id: Option<&str>, algorithm: Algorithm) -> Result<Vec<&'k Key>, Why> {
    let meant: Vec<&Key> = match id {
        Some(_) => keys.iter().filter(|key| key.id.as_deref() == id).collect(),
        None => keys.iter().filter(|key| key.allows(algorithm)).collect(),
    };
    match (id, meant.len()) {
        (_, 0) => Err(Why::UnknownKey),
        (Some(_), _) | (None, 1) => Ok(meant),
        (None, _) => Err(Why::WhichKey),
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
