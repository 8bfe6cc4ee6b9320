//! Validates the claims of a token: validity period, issuer, audience, customer, role and permissions.

use serde_json::{Map, Value};

use crate::model::permission::{Permission, Permissions};
use crate::model::principal::{Caller, Holder};
use crate::model::{CustomerId, Timestamp, TokenError};

/// Tolerated clock skew in seconds.
pub const LEEWAY: i64 = 30;

/// Rules that the claims of a token must satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRules {
    /// Required `iss`, or `None` for any issuer.
    pub issuer: Option<String>,
    /// Required member of `aud`. `None` rejects every token with an audience, because it is intended for another
    /// service (RFC 7519, 4.1.3).
    pub audience: Option<String>,
    /// Name of the claim that contains the customer's id.
    pub customer_claim: String,
}

impl Default for ClaimRules {
    fn default() -> Self {
        Self { issuer: None, audience: None, customer_claim: "sub".to_owned() }
    }
}

/// Result of verifying a token: all that later checks of the same token need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VerifiedToken {
    customer: CustomerId,
    permissions: Permissions,
    validity: ValidityPeriod,
}

/// Validity period of a token, in Unix seconds, without leeway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ValidityPeriod {
    not_before: Option<i64>,
    expires: i64,
}

impl VerifiedToken {
    /// Returns the caller that the token authenticates, if the token is valid at `now`.
    pub(super) fn holder(&self, now: Timestamp) -> Result<Holder, TokenError> {
        let expires_at = self.validity.expires_at(now)?;
        Ok(Holder { caller: Caller::customer(self.customer, self.permissions), until: expires_at })
    }
}

impl ClaimRules {
    /// Validates these claims at `now` and returns the customer and permissions that they contain.
    pub(super) fn validate(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<VerifiedToken, TokenError> {
        let validity = ValidityPeriod::read(claims)?;
        validity.expires_at(now)?;
        if let Some(issuer) = &self.issuer
            && claims.get("iss").and_then(Value::as_str) != Some(issuer)
        {
            return Err(TokenError::Issuer);
        }
        if !self.is_intended(claims.get("aud")) {
            return Err(TokenError::Audience);
        }
        let customer = claims.get(&self.customer_claim).and_then(customer).ok_or(TokenError::Customer)?;
        let is_customer = |role: &str| role == "customer";
        if !split_words(claims.get("role")).any(is_customer) && !split_words(claims.get("roles")).any(is_customer) {
            return Err(TokenError::Role);
        }
        Ok(VerifiedToken { customer, permissions: permissions(claims), validity })
    }

    fn is_intended(&self, audience: Option<&Value>) -> bool {
        match (&self.audience, audience) {
            (None, None) => true,
            (Some(expected), Some(Value::String(one))) => one == expected,
            (Some(expected), Some(Value::Array(many))) => many.iter().any(|one| one.as_str() == Some(expected)),
            (None, Some(_)) | (Some(_), _) => false,
        }
    }
}

impl ValidityPeriod {
    fn read(claims: &Map<String, Value>) -> Result<Self, TokenError> {
        let expires = claims.get("exp").and_then(|at| whole_seconds(at, f64::floor)).ok_or(TokenError::NoExpiry)?;
        let not_before =
            claims.get("nbf").map(|at| whole_seconds(at, f64::ceil).ok_or(TokenError::Malformed)).transpose()?;
        Ok(Self { not_before, expires })
    }

    /// Returns the time at which the token expires, leeway included, if it is valid at `now`.
    fn expires_at(self, now: Timestamp) -> Result<Timestamp, TokenError> {
        let left = self.expires.saturating_add(LEEWAY).saturating_sub(now.second());
        if left <= 0 {
            return Err(TokenError::Expired);
        }
        match self.not_before {
            Some(not_before) if now.second() < not_before.saturating_sub(LEEWAY) => Err(TokenError::NotYetValid),
            Some(_) | None => Ok(now.plus(left)),
        }
    }
}

/// Rounds a `NumericDate` (RFC 7519, 2) to whole seconds.
fn whole_seconds(at: &Value, round: impl Fn(f64) -> f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a date beyond what 64 bits hold is the last one they hold")]
    let truncate = |at: f64| round(at) as i64;
    at.as_i64().or_else(|| at.as_f64().map(truncate))
}

/// Parses a customer id: a positive integer, or a string of its decimal digits.
fn customer(claim: &Value) -> Option<CustomerId> {
    match claim {
        Value::Number(number) => number.as_i64().and_then(CustomerId::new),
        Value::String(digits) => digits.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns the permissions in the first present claim of `permissions`, `scope` (RFC 8693, 4.2) and `scp`, so that a
/// broader claim does not extend a narrower one. Ignores unknown names.
fn permissions(claims: &Map<String, Value>) -> Permissions {
    let claim = ["permissions", "scope", "scp"].iter().find_map(|name| claims.get(*name));
    split_words(claim).filter_map(Permission::parse).collect()
}

/// Returns the words of a claim: an array of strings, or one string separated by spaces.
fn split_words(claim: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = claim.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = claim.and_then(Value::as_str).unwrap_or_default();
    list.iter().filter_map(Value::as_str).chain(text.split(' ').filter(|word| !word.is_empty()))
}
