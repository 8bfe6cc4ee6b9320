//! What a token claims, and what of it counts: when it is good, for whom, and what it allows.

use serde_json::{Map, Value};

use crate::model::permission::{Permission, Permissions};
use crate::model::principal::{Caller, Holder};
use crate::model::{CustomerId, Timestamp, TokenError};

/// How far the clocks of two machines may differ, in seconds.
pub const LEEWAY: i64 = 30;

/// What a token must say to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The `iss` it must have; any, where there is none.
    pub issuer: Option<String>,
    /// What its `aud` must hold. Where there is none, a token that has an audience is meant for somebody else
    /// (RFC 7519, 4.1.3).
    pub audience: Option<String>,
    /// The claim that holds the customer's id.
    pub customer_claim: String,
}

impl Default for Rules {
    fn default() -> Self {
        Self { issuer: None, audience: None, customer_claim: "sub".to_owned() }
    }
}

/// What was believed of a token: all that its next judgement needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Believed {
    customer: CustomerId,
    permissions: Permissions,
    span: Span,
}

/// When a token is good, in seconds since 1970, before any leeway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    begins: Option<i64>,
    expires: i64,
}

impl Believed {
    /// Whom the token names, where it is good at this instant.
    pub(super) fn holder(&self, now: Timestamp) -> Result<Holder, TokenError> {
        let until = self.span.until(now)?;
        Ok(Holder { caller: Caller::customer(self.customer, self.permissions), until })
    }
}

impl Rules {
    /// Whom these claims name, and what they allow them, where they are good at this instant.
    pub(super) fn judge(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<Believed, TokenError> {
        let span = Span::read(claims)?;
        span.until(now)?;
        if let Some(issuer) = &self.issuer
            && claims.get("iss").and_then(Value::as_str) != Some(issuer)
        {
            return Err(TokenError::Issuer);
        }
        if !self.is_meant(claims.get("aud")) {
            return Err(TokenError::Audience);
        }
        let customer = claims.get(&self.customer_claim).and_then(customer).ok_or(TokenError::Customer)?;
        let named = |role: &str| role == "customer";
        if !words(claims.get("role")).any(named) && !words(claims.get("roles")).any(named) {
            return Err(TokenError::Role);
        }
        Ok(Believed { customer, permissions: permissions(claims), span })
    }

    fn is_meant(&self, audience: Option<&Value>) -> bool {
        match (&self.audience, audience) {
            (None, None) => true,
            (Some(us), Some(Value::String(one))) => one == us,
            (Some(us), Some(Value::Array(many))) => many.iter().any(|one| one.as_str() == Some(us)),
            (None, Some(_)) | (Some(_), _) => false,
        }
    }
}

impl Span {
    fn read(claims: &Map<String, Value>) -> Result<Self, TokenError> {
        let expires = claims.get("exp").and_then(|at| second(at, f64::floor)).ok_or(TokenError::NoExpiry)?;
        let begins = claims.get("nbf").map(|at| second(at, f64::ceil).ok_or(TokenError::Malformed)).transpose()?;
        Ok(Self { begins, expires })
    }

    /// Until when a token is good, where it is good now, give or take the leeway.
    fn until(self, now: Timestamp) -> Result<Timestamp, TokenError> {
        let left = self.expires.saturating_add(LEEWAY).saturating_sub(now.second());
        if left <= 0 {
            return Err(TokenError::Expired);
        }
        match self.begins {
            Some(begins) if now.second() < begins.saturating_sub(LEEWAY) => Err(TokenError::NotYetValid),
            Some(_) | None => Ok(now.plus(left)),
        }
    }
}

/// A `NumericDate` (RFC 7519, 2) in whole seconds.
fn second(at: &Value, whole: impl Fn(f64) -> f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a date beyond what 64 bits hold is the last one they hold")]
    let cut = |at: f64| whole(at) as i64;
    at.as_i64().or_else(|| at.as_f64().map(cut))
}

/// A positive whole number, or a text of its plain digits.
fn customer(claim: &Value) -> Option<CustomerId> {
    match claim {
        Value::Number(number) => number.as_i64().and_then(CustomerId::new),
        Value::String(digits) => digits.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The first of `permissions`, `scope` (RFC 8693, 4.2) and `scp` that is there: what a token says more closely is not
/// widened by what it says more broadly. Those that are not ours mean nothing here.
fn permissions(claims: &Map<String, Value>) -> Permissions {
    let said = ["permissions", "scope", "scp"].iter().find_map(|name| claims.get(*name));
    words(said).filter_map(Permission::parse).collect()
}

/// The words of a claim: a list of texts, or one text with spaces between them.
fn words(claim: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = claim.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = claim.and_then(Value::as_str).unwrap_or_default();
    list.iter().filter_map(Value::as_str).chain(text.split(' ').filter(|word| !word.is_empty()))
}
