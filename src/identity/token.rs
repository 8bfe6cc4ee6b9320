//! A JSON Web Token as it arrives: compact, signed, in three parts (RFC 7515, 7.1; RFC 7519).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::key;
use crate::model::{Error, json};

/// The longest token that is looked at, in bytes.
pub(super) const TOKEN_MAX: usize = 8 * 1024;

/// Why a token is not good. The caller hears only that it is not; the log may say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Why {
    #[error("it is longer than 8 KiB")]
    Long,
    #[error("it is malformed")]
    Malformed,
    #[error("its algorithm is not one that its key allows")]
    Algorithm,
    #[error("its header demands an extension that is not known here")]
    Critical,
    #[error("it is of another type than an access token")]
    Kind,
    #[error("its key is not known")]
    UnknownKey,
    #[error("it names no key, and several would do")]
    WhichKey,
    #[error("its key did not sign it")]
    Signature,
    #[error("it has no expiry, or one that is no number")]
    NoExpiry,
    #[error("it is expired")]
    Expired,
    #[error("it is not good yet")]
    NotYet,
    #[error("its issuer is another")]
    Issuer,
    #[error("it is meant for another audience")]
    Audience,
    #[error("it names no customer")]
    Customer,
    #[error("its role is not customer")]
    Role,
}

impl From<Why> for Error {
    fn from(why: Why) -> Self {
        match why {
            Why::Role => Self::WrongRole,
            Why::Long
            | Why::Malformed
            | Why::Algorithm
            | Why::Critical
            | Why::Kind
            | Why::UnknownKey
            | Why::WhichKey
            | Why::Signature
            | Why::NoExpiry
            | Why::Expired
            | Why::NotYet
            | Why::Issuer
            | Why::Audience
            | Why::Customer => Self::BadToken,
        }
    }
}

/// A token taken apart, its signature not yet checked.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// What it says it is signed by; its key must agree.
    pub(super) algorithm: Algorithm,
    /// Which key it says it is signed with.
    pub(super) key: Option<String>,
    /// What is signed: the first two parts with the dot between them.
    pub(super) signed: &'t str,
    /// The signature, in base64url.
    pub(super) signature: &'t str,
    payload: &'t str,
}

impl<'t> Token<'t> {
    /// Takes a token apart. Keys that come along in its header (`jwk`, `jku`, `x5c`, `x5u`) are not looked at.
    pub(super) fn read(text: &'t str) -> Result<Self, Why> {
        if text.len() > TOKEN_MAX {
            return Err(Why::Long);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Why::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Why::Malformed)?;
        if payload.contains('.') {
            return Err(Why::Malformed);
        }
        let header = object(header)?;
        if header.contains_key("crit") {
            return Err(Why::Critical);
        }
        if !is_access_token(header.get("typ"))? {
            return Err(Why::Kind);
        }
        let name = header.get("alg").and_then(Value::as_str).ok_or(Why::Malformed)?;
        let algorithm = key::algorithm(name).ok_or(Why::Algorithm)?;
        let key = match header.get("kid") {
            None => None,
            Some(id) => Some(id.as_str().ok_or(Why::Malformed)?.to_owned()),
        };
        Ok(Self { algorithm, key, signed, signature, payload })
    }

    /// What it claims; to be believed only once its signature is checked.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, Why> {
        object(self.payload)
    }
}

/// The JSON object in a part.
fn object(part: &str) -> Result<Map<String, Value>, Why> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Why::Malformed)?;
    match json::parse(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) | Err(_) => Err(Why::Malformed),
    }
}

/// Whether a `typ` is that of an access token (RFC 9068) or of a token in general: one made for another purpose must
/// not open anything here (RFC 8725, 3.11).
fn is_access_token(kind: Option<&Value>) -> Result<bool, Why> {
    let Some(kind) = kind else { return Ok(true) };
    let kind = kind.as_str().ok_or(Why::Malformed)?.to_ascii_lowercase();
    Ok(matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt"))
}
