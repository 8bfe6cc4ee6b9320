//! Who comes from outside: JSON Web Tokens (RFC 7519) of the platform's own identity service, judged as RFC 8725 advises.
//! They are signed by RS256, PS256, ES256, EdDSA or HS256, and the key decides which.

mod algorithm;
mod claims;
mod error;
mod file;
mod form;
mod key;
mod keys;
mod provider;
mod remote;
#[cfg(test)]
mod tests;
mod token;
mod verified;

pub use claims::{LEEWAY, Rules};
pub use error::{KeyError, MAX_KEYS, SECRET_MIN, Unusable};
pub use provider::Identity;
pub use remote::RefreshInterval;
