//! A JSON Web Token as it arrives: compact, signed, in three parts (RFC 7515, 7.1; RFC 7519).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use crate::model::{TokenError, json};

/// The longest token that is looked at, in bytes.
pub(super) const MAX_TOKEN: usize = 8 * 1024;

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
    pub(super) fn read(text: &'t str) -> Result<Self, TokenError> {
        if text.len() > MAX_TOKEN {
            return Err(TokenError::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        if payload.contains('.') {
            return Err(TokenError::Malformed);
        }
        let header = object(header)?;
        if header.contains_key("crit") {
            return Err(TokenError::Critical);
        }
        if !is_access_token(header.get("typ"))? {
            return Err(TokenError::Type);
        }
        let name = header.get("alg").and_then(Value::as_str).ok_or(TokenError::Malformed)?;
        let algorithm = Algorithm::parse(name).ok_or(TokenError::Algorithm)?;
        let key = match header.get("kid") {
            None => None,
            Some(id) => Some(id.as_str().ok_or(TokenError::Malformed)?.to_owned()),
        };
        Ok(Self { algorithm, key, signed, signature, payload })
    }

    /// What it claims; to be believed only once its signature is checked.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, TokenError> {
        object(self.payload)
    }
}

/// The JSON object in a part.
fn object(part: &str) -> Result<Map<String, Value>, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    match json::parse(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) | Err(_) => Err(TokenError::Malformed),
    }
}

/// Whether a `typ` is that of an access token (RFC 9068) or of a token in general: one made for another purpose must
/// not open anything here (RFC 8725, 3.11).
fn is_access_token(kind: Option<&Value>) -> Result<bool, TokenError> {
    let Some(kind) = kind else { return Ok(true) };
    let kind = kind.as_str().ok_or(TokenError::Malformed)?.to_ascii_lowercase();
    Ok(matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt"))
}
