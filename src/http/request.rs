//! Request context from the head: request id, language, credentials and the headers that endpoints use.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};
use tokio::sync::Notify;

use crate::i18n::Locale;
use crate::model::key::Key;
use crate::model::principal::Principal;
use crate::model::request_id::RequestId;
use crate::system;

/// Header with the request id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Header with the position from which an event stream resumes.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Header with the idempotency key of a POST request.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Content of the `Authorization` header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Bearer {
    /// No header, or one of another scheme.
    #[default]
    None,
    /// More than one header: the caller is ambiguous.
    Several,
    /// Unverified token; empty if none follows the scheme.
    Token(String),
}

/// Handle that closes the connection of a request immediately, without sending the rest of the response.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionAbort(Arc<Notify>);

impl ConnectionAbort {
    pub(super) fn trigger(&self) {
        self.0.notify_one();
    }

    /// Waits until the connection is aborted.
    pub(super) async fn triggered(&self) {
        self.0.notified().await;
    }
}

/// Content of the `Idempotency-Key` header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum IdempotencyHeader {
    /// No header: the request is not idempotent.
    #[default]
    Missing,
    Key(Key),
    /// Malformed key, or more than one header.
    Invalid,
}

/// Request data that all endpoints need.
#[derive(Debug, Default)]
pub(super) struct RequestContext {
    pub(super) id: Option<RequestId>,
    pub(super) locale: Locale,
    pub(super) method: Method,
    pub(super) bearer: Bearer,
    pub(super) idempotency: IdempotencyHeader,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) is_json: bool,
    pub(super) is_encoded: bool,
    pub(super) length: Option<u64>,
    pub(super) if_none_match: Option<String>,
    pub(super) last_event_id: Option<String>,
    /// Address of the client, as far as it is known.
    pub(super) client: Option<IpAddr>,
    pub(super) abort: ConnectionAbort,
    route: OnceLock<&'static str>,
    principal: OnceLock<Principal>,
    refusal: OnceLock<&'static str>,
}

impl RequestContext {
    /// Parses a request head; `client` is the address of the client, and `abort` belongs to the connection.
    pub(super) fn from_head(head: &Parts, client: IpAddr, abort: ConnectionAbort) -> Self {
        let text = |name: HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            id: text(REQUEST_ID).and_then(RequestId::new).or_else(generate_id),
            locale: parse_locale(&head.headers),
            method: head.method.clone(),
            bearer: parse_bearer(&head.headers),
            idempotency: parse_idempotency_key(&head.headers),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            is_json: single_value(&head.headers, CONTENT_TYPE).is_some_and(is_json),
            is_encoded: joined_lossy(&head.headers, CONTENT_ENCODING).is_some_and(|codings| is_encoded(&codings)),
            length: text(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            if_none_match: joined(&head.headers, IF_NONE_MATCH),
            last_event_id: joined_lossy(&head.headers, LAST_EVENT_ID),
            client: Some(client),
            abort,
            route: OnceLock::new(),
            principal: OnceLock::new(),
            refusal: OnceLock::new(),
        }
    }

    /// Sets the route label; later calls have no effect.
    pub(super) fn set_route(&self, route: &'static str) {
        let _ = self.route.set(route);
    }

    /// Sets the authenticated principal.
    pub(super) fn set_principal(&self, principal: Principal) {
        let _ = self.principal.set(principal);
    }

    /// Sets the reason of a refusal.
    pub(super) fn set_refusal(&self, reason: &'static str) {
        let _ = self.refusal.set(reason);
    }

    /// Returns the reason of a refusal, for the log; the client does not receive it.
    pub(super) fn refusal(&self) -> Option<&'static str> {
        self.refusal.get().copied()
    }

    /// Returns the route label, for logs and metrics: unlike the path, it is not controlled by the client.
    pub(super) fn route(&self) -> &'static str {
        self.route.get().copied().unwrap_or("none")
    }

    /// Returns the principal, if authenticated.
    pub(super) fn principal(&self) -> Option<&Principal> {
        self.principal.get()
    }

    /// Returns the request id as text.
    pub(super) fn id_text(&self) -> &str {
        self.id.as_ref().map_or("unknown", RequestId::as_str)
    }
}

/// Generates a request id of 16 hexadecimal digits, unique in the process. Ids are not secret: they count from one
/// random number per process, mixed by `SplitMix64`.
fn generate_id() -> Option<RequestId> {
    static FIRST: LazyLock<Option<u64>> = LazyLock::new(|| system::random().map(u64::from_be_bytes).ok());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let step = COUNT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (*FIRST)?.wrapping_add(step);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    RequestId::new(&format!("{:016x}", mixed ^ (mixed >> 31)))
}

/// Returns the value of a header that is present exactly once.
fn single_value(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// Joins the values of a repeatable header by commas.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Joins the values of a header like [`joined`], with replacement characters for bytes that are not UTF-8, so that no
/// value is ignored.
fn joined_lossy(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn parse_locale(headers: &HeaderMap) -> Locale {
    joined(headers, ACCEPT_LANGUAGE).map_or(Locale::ENGLISH, |header| Locale::from_accept_language(&header))
}

fn parse_bearer(headers: &HeaderMap) -> Bearer {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Bearer::None };
    if values.next().is_some() {
        return Bearer::Several;
    }
    // A header that is not ASCII cannot be a token, but is an attempt to authenticate.
    let Ok(text) = value.to_str() else { return Bearer::Token(String::new()) };
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if scheme.eq_ignore_ascii_case("bearer") { Bearer::Token(token.trim().to_owned()) } else { Bearer::None }
}

fn parse_idempotency_key(headers: &HeaderMap) -> IdempotencyHeader {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => IdempotencyHeader::Missing,
        (Some(value), None) => {
            value.to_str().ok().and_then(Key::new).map_or(IdempotencyHeader::Invalid, IdempotencyHeader::Key)
        }
        (Some(_), Some(_)) => IdempotencyHeader::Invalid,
    }
}

/// Returns true for `application/json` with any parameters, if a charset is UTF-8.
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let charset = |parameter: &str| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    };
    essence.eq_ignore_ascii_case("application/json")
        && parts.filter_map(charset).all(|charset| matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii"))
}

/// Returns true if any of these codings is other than `identity` (RFC 9110, 8.4).
fn is_encoded(codings: &str) -> bool {
    codings.split(',').map(str::trim).any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn bearer_of(values: &[&'static str]) -> Bearer {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, http::HeaderValue::from_static(value));
        }
        parse_bearer(&headers)
    }

    #[test]
    fn generated_request_ids_are_unique() {
        let ids: HashSet<_> = (0..10_000).map(|_| generate_id().unwrap().as_str().to_owned()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 16));
    }

    #[test]
    fn the_bearer_scheme_is_case_insensitive() {
        assert_eq!(bearer_of(&["bEaReR abc"]), Bearer::Token("abc".to_owned()));
        assert_eq!(bearer_of(&["Bearer"]), Bearer::Token(String::new()));
        assert_eq!(bearer_of(&["Basic abc"]), Bearer::None);
        assert_eq!(bearer_of(&[]), Bearer::None);
        assert_eq!(bearer_of(&["Bearer a", "Bearer b"]), Bearer::Several);
    }

    #[test]
    fn only_application_json_in_utf_8_is_json() {
        for good in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert!(is_json(good), "{good}");
        }
        for bad in ["", "text/json", "application/jsonp", "application/json; charset=latin1", "text/plain"] {
            assert!(!is_json(bad), "{bad}");
        }
    }
}
