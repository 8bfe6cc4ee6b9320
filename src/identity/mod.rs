//! Authentication by the platform's identity service: JSON Web Tokens (RFC 7519), verified according to RFC 8725 with
//! RS256, PS256, ES256, EdDSA or HS256.

mod algorithm;
mod claims;
mod encoding;
mod error;
mod file;
mod key;
mod keys;
mod provider;
mod remote;
#[cfg(test)]
mod tests;
mod token;
mod verified;

pub use claims::{ClaimRules, LEEWAY};
pub use error::{KeyConfigError, KeyError, MAX_KEYS, SECRET_MIN};
pub use provider::Identity;
pub use remote::RefreshInterval;
