//! Errors of key configuration: option, location and cause.

use std::io;
use std::path::Path;

use crate::model::Message;

/// Minimum length of a secret in bytes: the output length of HS256 (RFC 7518, 3.2).
pub const SECRET_MIN: usize = 32;
/// Maximum size of a key file or JWKS response in bytes.
pub const MAX_KEYS: usize = 256 * 1024;

/// Reason why a key or a key set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("unread")]
    Unread(#[from] io::Error),
    #[error("too large")]
    TooLarge,
    /// File contains a secret and is accessible to users other than its owner.
    #[error("a secret that others can read")]
    Exposed,
    /// Secret of this length in bytes, shorter than [`SECRET_MIN`].
    #[error("a secret of {0} bytes")]
    ShortSecret(usize),
    /// Private key, which only the identity service should have.
    #[error("a private key")]
    Private,
    /// RSA key of this length in bits, outside 2,048 to 4,096.
    #[error("an RSA key of {0} bits")]
    RsaSize(usize),
    /// Not a key, or a key of an unsupported type.
    #[error("not a public key that is known here")]
    NotAKey,
    /// Member of a JSON Web Key that is missing or malformed.
    #[error("missing or malformed")]
    Malformed,
    /// Not a JSON Web Key Set (RFC 7517, 5).
    #[error("not a JSON Web Key Set")]
    NotASet,
    /// Key set without a key that verifies signatures.
    #[error("no key to verify tokens by")]
    NoKeys,
    /// URL that is neither `https` nor on this host.
    #[error("not an address to fetch keys from")]
    BadAddress,
}

/// Key configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{option}: {name}: {error}")]
pub struct KeyConfigError {
    /// Option that configures the keys, such as `--jwks`.
    pub option: &'static str,
    /// File or URL, with the position in it if the error concerns one of several keys: `keys.json: keys[2].n`.
    pub name: String,
    #[source]
    pub error: KeyError,
}

impl KeyConfigError {
    /// Creates an error that concerns the whole file.
    pub(super) fn file(option: &'static str, path: &Path, error: KeyError) -> Self {
        Self { option, name: path.display().to_string(), error }
    }

    /// Returns true if the value of the option is invalid in itself, and false if the file or response is.
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

    /// Returns the localizable message.
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
