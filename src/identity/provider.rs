//! Identity service of the platform, which issues tokens and publishes keys.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::claims::ClaimRules;
use super::error::{KeyConfigError, KeyError};
use super::file::{Format, KeyFile};
use super::keys::{CurrentKeys, Keys};
use super::remote::{self, RefreshInterval, Remote};
use super::token::Token;
use crate::model::principal::Holder;
use crate::model::token::Digest;
use crate::model::{Error, Timestamp, TokenError};
use crate::outbound::Client;

/// Verifier of the identity service's tokens.
pub struct Identity {
    rules: ClaimRules,
    current: Arc<CurrentKeys>,
    source: Source,
}

/// Source of the keys.
enum Source {
    File(KeyFile),
    Remote(Arc<Remote>),
}

impl Identity {
    /// Verifies with the single key in this file (`--jwt-key`): a public key in PEM, or a secret of at least
    /// `SECRET_MIN` bytes that only its owner can read.
    ///
    /// # Errors
    /// [`KeyConfigError`].
    pub fn from_key_file(path: PathBuf, rules: ClaimRules) -> Result<Self, KeyConfigError> {
        Self::from_file(KeyFile { option: "--jwt-key", path, format: Format::Key }, rules)
    }

    /// Verifies with the JSON Web Key Set in this file (`--jwks`).
    ///
    /// # Errors
    /// [`KeyConfigError`].
    pub fn from_jwks_file(path: PathBuf, rules: ClaimRules) -> Result<Self, KeyConfigError> {
        Self::from_file(KeyFile { option: "--jwks", path, format: Format::Set }, rules)
    }

    fn from_file(file: KeyFile, rules: ClaimRules) -> Result<Self, KeyConfigError> {
        let current = Arc::new(CurrentKeys::new(file.read()?));
        Ok(Self { rules, current, source: Source::File(file) })
    }

    /// Verifies with the JSON Web Key Set at this URL (`--jwks`). Has no keys until [`Self::refresh_periodically`] runs
    /// or a token causes a fetch.
    ///
    /// # Errors
    /// [`KeyConfigError`] if the URL is neither `https` nor on this host.
    pub fn from_jwks_url(
        url: &str,
        client: Client,
        interval: RefreshInterval,
        rules: ClaimRules,
    ) -> Result<Self, KeyConfigError> {
        let invalid = || KeyConfigError { option: "--jwks", name: "URL".to_owned(), error: KeyError::BadAddress };
        let url = remote::parse_url(url).ok_or_else(invalid)?;
        let current = Arc::new(CurrentKeys::new(Keys::Set(Vec::new())));
        let remote = Remote::new(url, client, interval, Arc::clone(&current));
        Ok(Self { rules, current, source: Source::Remote(Arc::new(remote)) })
    }

    /// Fetches the keys now and then every ten minutes, forever. Returns immediately if the keys are in a file.
    pub async fn refresh_periodically(&self) {
        if let Source::Remote(remote) = &self.source {
            Arc::clone(remote).refresh_periodically().await;
        }
    }

    /// Reads or fetches the keys again. If they cannot be used, the previous keys stay in use.
    ///
    /// # Errors
    /// [`KeyConfigError`] for a file. Errors of fetching are only logged.
    pub async fn reload(&self) -> Result<(), KeyConfigError> {
        match &self.source {
            Source::File(file) => self.current.set(file.read()?),
            Source::Remote(remote) => {
                remote.refresh().await;
            }
        }
        Ok(())
    }

    /// Verifies a token and returns its customer and permissions as a caller. If the key is unknown, fetches the keys
    /// first, at most once a minute.
    ///
    /// # Errors
    /// [`Error::BadToken`]; [`Error::WrongRole`] for a valid token without the customer role.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Holder, Error> {
        let mut result = self.check(token, now);
        if let Source::Remote(remote) = &self.source {
            // A fetch that was in progress may have started before the key was published.
            for _ in 0..2 {
                if result.as_ref().err() != Some(&TokenError::UnknownKey) || !remote.refresh_for_unknown_key().await {
                    break;
                }
                result = self.check(token, now);
            }
        }
        Ok(result?)
    }

    /// Checks again a token that [`Self::verify`] accepted: rejects it once it has expired or its key is no longer in
    /// use.
    ///
    /// # Errors
    /// Errors of [`Self::verify`].
    pub fn recheck(&self, token: &str, now: Timestamp) -> Result<(), Error> {
        self.check(token, now)?;
        Ok(())
    }

    /// Returns a receiver that changes when the keys are replaced.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.current.changes()
    }

    /// Verifies a token with the current keys. For a token in the cache, checks only its validity period.
    fn check(&self, token: &str, now: Timestamp) -> Result<Holder, TokenError> {
        let (ring, digest) = (self.current.get(), Digest::of(token));
        if let Some(verified) = ring.verified.find(digest) {
            return verified.holder(now);
        }
        let token = Token::parse(token)?;
        ring.keys.verify_signature(&token)?;
        let verified = self.rules.validate(&token.claims()?, now)?;
        ring.verified.insert(digest, verified);
        verified.holder(now)
    }
}
