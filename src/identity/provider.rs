//! The platform's identity service, as its tokens and keys show it.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::claims::Rules;
use super::error::{KeyError, Unusable};
use super::file::{Form, KeyFile};
use super::keys::{Held, Keys};
use super::remote::{self, RefreshInterval, Remote};
use super::token::Token;
use crate::model::principal::Holder;
use crate::model::token::Digest;
use crate::model::{Error, Timestamp, TokenError};
use crate::outbound::Client;

/// Whose tokens are believed, by which keys.
pub struct Identity {
    rules: Rules,
    held: Arc<Held>,
    source: Source,
}

/// Where the keys come from.
enum Source {
    File(KeyFile),
    Remote(Arc<Remote>),
}

impl Identity {
    /// Believes what is signed with the one key of this file (`--jwt-key`): a public key in PEM, or a secret of at
    /// least [`SECRET_MIN`] bytes that nobody but its owner can read.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn by_key(path: PathBuf, rules: Rules) -> Result<Self, Unusable> {
        Self::by_file(KeyFile { option: "--jwt-key", path, form: Form::Key }, rules)
    }

    /// Believes what is signed with a key of the JSON Web Key Set in this file (`--jwks`).
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn by_set(path: PathBuf, rules: Rules) -> Result<Self, Unusable> {
        Self::by_file(KeyFile { option: "--jwks", path, form: Form::Set }, rules)
    }

    fn by_file(file: KeyFile, rules: Rules) -> Result<Self, Unusable> {
        let held = Arc::new(Held::new(file.read()?));
        Ok(Self { rules, held, source: Source::File(file) })
    }

    /// Believes what is signed with a key of the JSON Web Key Set at this address (`--jwks`). Knows no key until
    /// [`Self::keep_fresh`] or a token has it fetched.
    ///
    /// # Errors
    /// [`Unusable`] where the address is neither `https` nor on this machine.
    pub fn by_address(address: &str, client: Client, pace: RefreshInterval, rules: Rules) -> Result<Self, Unusable> {
        let unusable = || Unusable { option: "--jwks", name: "URL".to_owned(), error: KeyError::BadAddress };
        let address = remote::address(address).ok_or_else(unusable)?;
        let held = Arc::new(Held::new(Keys::Set(Vec::new())));
        let remote = Remote::new(address, client, pace, Arc::clone(&held));
        Ok(Self { rules, held, source: Source::Remote(Arc::new(remote)) })
    }

    /// Fetches the keys now and every ten minutes, for ever; returns at once where they are in a file.
    pub async fn keep_fresh(&self) {
        if let Source::Remote(remote) = &self.source {
            Arc::clone(remote).keep_fresh().await;
        }
    }

    /// Reads or fetches the keys anew; those that cannot be used leave the ones before in place.
    ///
    /// # Errors
    /// [`Unusable`] for a file; that an address brought no keys is in the log.
    pub async fn renew(&self) -> Result<(), Unusable> {
        match &self.source {
            Source::File(file) => self.held.set(file.read()?),
            Source::Remote(remote) => {
                remote.refresh().await;
            }
        }
        Ok(())
    }

    /// The customer whom a good token names, as a caller with its permissions. A key that is not known is looked for
    /// where the keys come from, at most once a minute.
    ///
    /// # Errors
    /// [`Error::BadToken`]; [`Error::WrongRole`] for one that is good in another role.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Holder, Error> {
        let mut judged = self.judge(token, now);
        if let Source::Remote(remote) = &self.source {
            // The first fetch may have been under way before the key was made.
            for _ in 0..2 {
                if judged.as_ref().err() != Some(&TokenError::UnknownKey) || !remote.reload().await {
                    break;
                }
                judged = self.judge(token, now);
            }
        }
        Ok(judged?)
    }

    /// Refuses a token that [`Self::verify`] found good, where its time is over or its key is no longer in use.
    ///
    /// # Errors
    /// Those of [`Self::verify`].
    pub fn still_believes(&self, token: &str, now: Timestamp) -> Result<(), Error> {
        self.judge(token, now)?;
        Ok(())
    }

    /// Changes whenever the keys were read or fetched anew.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.held.changes()
    }

    /// Judges a token by the keys as they are; one that they were seen to have signed, by its time alone.
    fn judge(&self, token: &str, now: Timestamp) -> Result<Holder, TokenError> {
        let (ring, digest) = (self.held.get(), Digest::of(token));
        if let Some(believed) = ring.verified.find(digest) {
            return believed.holder(now);
        }
        let token = Token::read(token)?;
        ring.keys.check(&token)?;
        let believed = self.rules.judge(&token.claims()?, now)?;
        ring.verified.keep(digest, believed);
        believed.holder(now)
    }
}
