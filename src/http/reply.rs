//! Responses of success: the envelope, and the headers common to all JSON responses.

use std::ops::Range;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, VARY, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use warp::reply::Response;

use super::request::RequestContext;
use crate::desk::idempotency::IdempotentResponse;
use crate::i18n::Locale;
use crate::model::{Code, Message};
use crate::view::CodedView;

/// Response header that marks a replayed response.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Challenge to a caller without the required permission (RFC 6750, 3.1).
pub(super) const INSUFFICIENT_SCOPE: HeaderValue =
    HeaderValue::from_static(r#"Bearer realm="support", error="insufficient_scope""#);
/// Request headers on which a response depends.
const VARY_ON: HeaderValue = HeaderValue::from_static("Accept-Language, Authorization");
const APPLICATION_JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Initial capacity for response headers.
const HEADER_CAPACITY: usize = 12;
/// Initial capacity for a response body, in bytes; most bodies fit.
pub(super) const BODY_CAPACITY: usize = 1024;

/// Formats the body of a success.
pub(super) fn success_body(request: &RequestContext, key: &str, data: impl Serialize) -> Vec<u8> {
    write_success(request, key, BODY_CAPACITY, |text| write(text, &data)).0
}

/// Formats the body of a success, and returns the byte range of `data` in it too. `capacity` is the expected length in
/// bytes.
pub(super) fn write_success(
    request: &RequestContext,
    key: &str,
    capacity: usize,
    data: impl FnOnce(&mut Vec<u8>),
) -> (Vec<u8>, Range<usize>) {
    let mut text = Vec::with_capacity(capacity);
    text.extend_from_slice(br#"{"status":"success","message":"#);
    write(&mut text, &request.locale.text(key));
    text.extend_from_slice(br#","data":"#);
    let begin = text.len();
    data(&mut text);
    let data = begin..text.len();
    text.push(b'}');
    (text, data)
}

pub(super) fn to_json(body: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(BODY_CAPACITY);
    write(&mut text, body);
    text
}

/// Appends a value as JSON.
fn write(text: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(text, value).expect("the shapes of the desk have string keys and finite numbers");
}

/// Returns a response with this status and a value as JSON.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    json_bytes(status, to_json(body))
}

/// Returns a response with this status and JSON text, not to be cached.
pub(super) fn json_bytes(status: StatusCode, text: impl Into<Bytes>) -> Response {
    let mut response = empty(status);
    *response.body_mut() = text.into().into();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, APPLICATION_JSON);
    headers.insert(CACHE_CONTROL, NO_STORE);
    response
}

/// Returns a response with this status, `Vary` and no body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    *response.headers_mut() = HeaderMap::with_capacity(HEADER_CAPACITY);
    response.headers_mut().insert(VARY, VARY_ON);
    response
}

/// Returns the response under an idempotency key, marked if it is a replay.
pub(super) fn idempotent(response: IdempotentResponse) -> Response {
    let (stored, replayed) = match response {
        IdempotentResponse::First(stored) => (stored, false),
        IdempotentResponse::Replayed(stored) => (stored, true),
    };
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_bytes(status, stored.body);
    let headers = response.headers_mut();
    if let Ok(language) = HeaderValue::from_str(&stored.language) {
        headers.insert(CONTENT_LANGUAGE, language);
    }
    if status == StatusCode::FORBIDDEN {
        headers.insert(WWW_AUTHENTICATE, INSUFFICIENT_SCOPE);
    }
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// Returns a code with its translated message, for the `data` of a success.
pub(super) fn coded_view(locale: Locale, code: Code, message: &Message) -> CodedView {
    CodedView { code: code.as_str(), message: locale.sentence(message) }
}
