//! Parses a JSON Web Token in compact serialization (RFC 7515, 7.1; RFC 7519).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use crate::model::{TokenError, json};

/// Maximum length of a token in bytes.
pub(super) const MAX_TOKEN: usize = 8 * 1024;

/// Parsed token; its signature is not verified yet.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// `alg` of the header; the key must allow it.
    pub(super) algorithm: Algorithm,
    /// `kid` of the header.
    pub(super) key: Option<String>,
    /// Signing input: header and payload with the dot between them.
    pub(super) signing_input: &'t str,
    /// Signature in base64url.
    pub(super) signature: &'t str,
    payload: &'t str,
}

impl<'t> Token<'t> {
    /// Parses a token. Ignores keys in its header (`jwk`, `jku`, `x5c`, `x5u`).
    pub(super) fn parse(text: &'t str) -> Result<Self, TokenError> {
        if text.len() > MAX_TOKEN {
            return Err(TokenError::TooLong);
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(TokenError::Malformed)?;
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
        Ok(Self { algorithm, key, signing_input, signature, payload })
    }

    /// Parses the claims, which must not be used before the signature is verified.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, TokenError> {
        object(self.payload)
    }
}

/// Decodes a part into its JSON object.
fn object(part: &str) -> Result<Map<String, Value>, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    match json::parse(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) | Err(_) => Err(TokenError::Malformed),
    }
}

/// Returns true if `typ` is absent, or that of an access token (RFC 9068) or of a JWT in general. A token issued for
/// another purpose must not be accepted (RFC 8725, 3.11).
fn is_access_token(kind: Option<&Value>) -> Result<bool, TokenError> {
    let Some(kind) = kind else { return Ok(true) };
    let kind = kind.as_str().ok_or(TokenError::Malformed)?.to_ascii_lowercase();
    Ok(matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt"))
}
