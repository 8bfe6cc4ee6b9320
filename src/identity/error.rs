//! Keys that cannot be used: which option named them, where they are, and why not.

use std::io;
use std::path::Path;

use crate::model::Message;

/// The shortest secret, in bytes: as long as what HS256 makes of it (RFC 7518, 3.2).
pub const SECRET_MIN: usize = 32;
/// The largest file or answer that is read, in bytes.
pub const MAX_KEYS: usize = 256 * 1024;

/// Why a key, or a set of them, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file could not be read.
    #[error("unread")]
    Unread(#[from] io::Error),
    /// The file is larger than [`MAX_KEYS`].
    #[error("too large")]
    TooLarge,
    /// The file holds a secret, and others than its owner may read it.
    #[error("a secret that others can read")]
    Exposed,
    /// A secret of so many bytes, fewer than [`SECRET_MIN`].
    #[error("a secret of {0} bytes")]
    ShortSecret(usize),
    /// A private key: nobody but the identity service should have it.
    #[error("a private key")]
    Private,
    /// An RSA key of so many bits, outside 2,048 to 4,096.
    #[error("an RSA key of {0} bits")]
    RsaSize(usize),
    /// Not a key, or none of a kind that is known here.
    #[error("not a public key that is known here")]
    NotAKey,
    /// A member of a JSON Web Key that is missing or malformed.
    #[error("missing or malformed")]
    Malformed,
    /// Not a JSON Web Key Set (RFC 7517, 5).
    #[error("not a JSON Web Key Set")]
    NotASet,
    /// A set without any key to verify tokens by.
    #[error("no key to verify tokens by")]
    NoKeys,
    /// An address that is neither `https` nor on this machine.
    #[error("not an address to fetch keys from")]
    BadAddress,
}

/// Keys that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{option}: {name}: {error}")]
pub struct Unusable {
    /// The option that named them: `--jwks`.
    pub option: &'static str,
    /// The file or address, and for one of several keys the place in it: `keys.json: keys[2].n`.
    pub name: String,
    /// Why.
    #[source]
    pub error: KeyError,
}

impl Unusable {
    /// The whole file.
    pub(super) fn file(option: &'static str, path: &Path, error: KeyError) -> Self {
        Self { option, name: path.display().to_string(), error }
    }

    /// Whether what the option says is wrong in itself, whatever is there.
    pub const fn is_usage_error(&self) -> bool {
        match self.error {
            KeyError::BadAddress => true,
            KeyError::Unread(_)
            | KeyError::TooLarge
            | KeyError::Exposed
            | KeyError::ShortSecret(_)
            | KeyError::Private
            | KeyError::RsaSize(_)
            | KeyError::NotAKey
            | KeyError::Malformed
            | KeyError::NotASet
            | KeyError::NoKeys => false,
        }
    }

    /// What to tell a person.
    pub fn message(&self) -> Message {
        let message = match &self.error {
            KeyError::Unread(source) => Message::new("identity.unread").with("reason", source),
            KeyError::TooLarge => Message::new("identity.too_large").with("most", MAX_KEYS),
            KeyError::Exposed => Message::new("identity.exposed"),
            KeyError::ShortSecret(found) => {
                Message::new("identity.short_secret").with("found", found).with("least", SECRET_MIN)
            }
            KeyError::Private => Message::new("identity.private"),
            KeyError::RsaSize(found) => Message::new("identity.rsa_size").with("found", found),
            KeyError::NotAKey => Message::new("identity.not_a_key"),
            KeyError::Malformed => Message::new("identity.malformed"),
            KeyError::NotASet => Message::new("identity.not_a_set"),
            KeyError::NoKeys => Message::new("identity.no_keys"),
            KeyError::BadAddress => Message::new("identity.bad_address"),
        };
        message.with("option", self.option).with("name", &self.name)
    }
}
