//! What is known of a request before its route: its id, the reader's language, the token, and a few headers.

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

/// The header that names a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header by which a stream is resumed.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The header that makes a POST safe to repeat.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What came in the `Authorization` header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Bearer {
    /// None, or one of another scheme.
    #[default]
    None,
    /// More than one: a request that means two callers means none.
    Several,
    /// A token, not yet looked at; empty where none follows the scheme.
    Token(String),
}

/// Cuts the connection that a request came on, whatever is still to be sent.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionAbort(Arc<Notify>);

impl ConnectionAbort {
    /// Cuts it.
    pub(super) fn trigger(&self) {
        self.0.notify_one();
    }

    /// Comes when it is to be cut.
    pub(super) async fn triggered(&self) {
        self.0.notified().await;
    }
}

/// What came in the `Idempotency-Key` header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum IdempotencyHeader {
    /// None: each such request is a new one.
    #[default]
    Missing,
    /// A key.
    Key(Key),
    /// What is no key, or more than one.
    Invalid,
}

/// One request, as far as every endpoint needs it.
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
    pub(super) abort: ConnectionAbort,
    route: OnceLock<&'static str>,
    principal: OnceLock<Principal>,
    refusal: OnceLock<&'static str>,
}

impl RequestContext {
    /// Reads the head of a request that came on the connection of this cut.
    pub(super) fn read(head: &Parts, abort: ConnectionAbort) -> Self {
        let text = |name: HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            id: text(REQUEST_ID).and_then(RequestId::new).or_else(fresh_id),
            locale: locale(&head.headers),
            method: head.method.clone(),
            bearer: bearer(&head.headers),
            idempotency: idempotency_header(&head.headers),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            is_json: sole(&head.headers, CONTENT_TYPE).is_some_and(is_json),
            is_encoded: whole(&head.headers, CONTENT_ENCODING).is_some_and(|codings| is_encoded(&codings)),
            length: text(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            if_none_match: joined(&head.headers, IF_NONE_MATCH),
            last_event_id: whole(&head.headers, LAST_EVENT_ID),
            abort,
            route: OnceLock::new(),
            principal: OnceLock::new(),
            refusal: OnceLock::new(),
        }
    }

    /// Notes by which route it came; the first one that matched counts.
    pub(super) fn set_route(&self, route: &'static str) {
        let _ = self.route.set(route);
    }

    /// Notes who asked.
    pub(super) fn set_principal(&self, principal: Principal) {
        let _ = self.principal.set(principal);
    }

    /// Notes why the caller was refused.
    pub(super) fn set_refusal(&self, reason: &'static str) {
        let _ = self.refusal.set(reason);
    }

    /// Why the caller was refused, for the log: the client is not told.
    pub(super) fn refusal(&self) -> Option<&'static str> {
        self.refusal.get().copied()
    }

    /// The route, for the log: never the path itself, which a caller may fill with anything.
    pub(super) fn route(&self) -> &'static str {
        self.route.get().copied().unwrap_or("none")
    }

    /// Who request, once that is known.
    pub(super) fn principal(&self) -> Option<&Principal> {
        self.principal.get()
    }

    /// The id as text.
    pub(super) fn id_text(&self) -> &str {
        self.id.as_ref().map_or("unknown", RequestId::as_str)
    }
}

/// 16 hexadecimal digits that look random, no two of a process alike. They are no secret: each process asks the system
/// for one number, and counts from there in steps that are mixed (`SplitMix64`).
fn fresh_id() -> Option<RequestId> {
    static FIRST: LazyLock<Option<u64>> = LazyLock::new(|| system::random().map(u64::from_be_bytes).ok());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let step = COUNT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (*FIRST)?.wrapping_add(step);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    RequestId::new(&format!("{:016x}", mixed ^ (mixed >> 31)))
}

/// A header that is sent once; one that comes twice says nothing.
fn sole(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// A header that may be sent in several lines, as one.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// A header whose every byte counts, so that none is overlooked that is not text.
fn whole(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn locale(headers: &HeaderMap) -> Locale {
    joined(headers, ACCEPT_LANGUAGE).map_or(Locale::ENGLISH, |header| Locale::of_accept_language(&header))
}

fn bearer(headers: &HeaderMap) -> Bearer {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Bearer::None };
    if values.next().is_some() {
        return Bearer::Several;
    }
    // A header that is not ASCII cannot be a token; it still was an attempt at one.
    let Ok(text) = value.to_str() else { return Bearer::Token(String::new()) };
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if scheme.eq_ignore_ascii_case("bearer") { Bearer::Token(token.trim().to_owned()) } else { Bearer::None }
}

fn idempotency_header(headers: &HeaderMap) -> IdempotencyHeader {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => IdempotencyHeader::Missing,
        (Some(value), None) => {
            value.to_str().ok().and_then(Key::new).map_or(IdempotencyHeader::Invalid, IdempotencyHeader::Key)
        }
        (Some(_), Some(_)) => IdempotencyHeader::Invalid,
    }
}

/// `application/json` with any parameters, as long as a charset is UTF-8.
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

/// Whether a body of these codings is anything but itself (RFC 9110, 8.4).
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
        bearer(&headers)
    }

    #[test]
    fn no_two_requests_are_given_one_id() {
        let ids: HashSet<_> = (0..10_000).map(|_| fresh_id().unwrap().as_str().to_owned()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 16));
    }

    #[test]
    fn the_scheme_is_read_in_any_case() {
        assert_eq!(bearer_of(&["bEaReR abc"]), Bearer::Token("abc".to_owned()));
        assert_eq!(bearer_of(&["Bearer"]), Bearer::Token(String::new()));
        assert_eq!(bearer_of(&["Basic abc"]), Bearer::None);
        assert_eq!(bearer_of(&[]), Bearer::None);
        assert_eq!(bearer_of(&["Bearer a", "Bearer b"]), Bearer::Several);
    }

    #[test]
    fn json_is_told_by_its_type_alone() {
        for good in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert!(is_json(good), "{good}");
        }
        for bad in ["", "text/json", "application/jsonp", "application/json; charset=latin1", "text/plain"] {
            assert!(!is_json(bad), "{bad}");
        }
    }
}
