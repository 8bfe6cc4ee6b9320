//! From what the desk says to what a client reads: the one envelope, and the one table of statuses.

use std::ops::Range;

use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY,
    WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use warp::reply::Response;

use super::limits::{BODY_TIME, HEADERS_SIZE, MAX_BODY, MAX_HEADERS, MAX_TARGET};
use super::request::RequestContext;
use crate::desk::idempotency::IdempotentResponse;
use crate::i18n::Locale;
use crate::model::error::chain;
use crate::model::{Cause, Code, Error, Kind, Message, ValidationError};
use crate::view::CodedView;

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What a caller is told who may not do this (RFC 6750).
const SCOPE: HeaderValue = HeaderValue::from_static(r#"Bearer realm="support", error="insufficient_scope""#);
/// What an answer depends on beside its target.
const VARIES: HeaderValue = HeaderValue::from_static("Accept-Language, Authorization");
/// The type of an answer.
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Nobody keeps the answer.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Room for the headers that an answer bears when it leaves, and a few more.
const HEADERS_SENT: usize = 12;
/// Room for the text of most answers, in bytes.
pub(super) const ROOM: usize = 1024;
/// How many seconds a client is asked to wait before it tries again.
const RETRY: u64 = 1;

/// Whatever is answered in place of what was asked.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The desk refused, or failed.
    Desk(Error),
    /// Nothing is at this path.
    NotFound,
    /// The path takes other methods: these.
    Method(&'static str),
    /// No bearer token.
    NoToken,
    /// Two `Authorization` headers.
    SeveralTokens,
    /// Too many requests.
    Rate {
        /// Until then.
        seconds: u64,
    },
    /// The body is over the limit.
    TooLarge,
    /// The target is over the limit.
    UriTooLong,
    /// The headers are over a limit.
    Headers,
    /// No `Host`, or several (RFC 9112, 3.2).
    Host,
    /// The head breaks HTTP's own grammar, or is of a version that is not spoken.
    Malformed,
    /// The body is not JSON by its own word.
    MediaType,
    /// The body is compressed, or encoded otherwise.
    Encoding,
    /// The body did not arrive in time.
    SlowBody,
    /// The answer took too long.
    SlowAnswer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    status: &'static str,
    code: &'static str,
    message: String,
    details: Vec<Detail<'a>>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cause>,
}

/// A success: `200` with the message at this key and the data.
pub(super) fn success(request: &RequestContext, key: &str, data: impl Serialize) -> Response {
    written(StatusCode::OK, success_text(request, key, data))
}

/// The text of a success.
pub(super) fn success_text(request: &RequestContext, key: &str, data: impl Serialize) -> Vec<u8> {
    success_with(request, key, ROOM, |text| write(text, &data)).0
}

/// The text of a success, and where in it its data stands, which takes about so many bytes.
pub(super) fn success_with(
    request: &RequestContext,
    key: &str,
    room: usize,
    data: impl FnOnce(&mut Vec<u8>),
) -> (Vec<u8>, Range<usize>) {
    let mut text = Vec::with_capacity(room);
    text.extend_from_slice(br#"{"status":"success","message":"#);
    write(&mut text, &request.locale.word(key));
    text.extend_from_slice(br#","data":"#);
    let begin = text.len();
    data(&mut text);
    let data = begin..text.len();
    text.push(b'}');
    (text, data)
}

/// The text of a refusal by the desk.
pub(super) fn refusal_text(request: &RequestContext, error: &Error) -> Vec<u8> {
    note(request, error);
    failure_text(request, code(error), &message(error), error.cause(), error.validation_errors())
}

/// Notes for the log why the caller is refused, which they are not told.
fn note(request: &RequestContext, error: &Error) {
    if let Some(reason) = error.refusal() {
        request.set_refusal(reason);
    }
}

fn failure_text(
    request: &RequestContext,
    code: Code,
    message: &Message,
    cause: Option<Cause>,
    errors: &[ValidationError],
) -> Vec<u8> {
    let detail = |error: &'_ ValidationError| request.locale.sentence(&error.message);
    let message = match errors.first().filter(|error| !error.speaks_for_itself()) {
        Some(error) => format!("{}: {}", error.field, request.locale.say(message)),
        None => request.locale.sentence(message),
    };
    let placed = errors.iter().filter(|error| !error.field.is_empty());
    let placed = placed.map(|error| Detail { field: Some(&error.field), message: detail(error), reason: None });
    let caused = cause.map(|cause| Detail { field: None, message: message.clone(), reason: Some(cause) });
    text(&Failure {
        status: "error",
        code: code.as_str(),
        details: caused.into_iter().chain(placed).collect(),
        message,
        request_id: request.id_text(),
    })
}

fn text(body: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(ROOM);
    write(&mut text, body);
    text
}

/// Adds this to a text of JSON.
fn write(text: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(text, value).expect("the shapes of the desk have string keys and finite numbers");
}

/// Any JSON with any status.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    written(status, text(body))
}

/// JSON that is written already, with any status, not to be kept by anyone.
pub(super) fn written(status: StatusCode, text: Vec<u8>) -> Response {
    let mut response = empty(status);
    *response.body_mut() = text.into();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CACHE_CONTROL, NO_STORE);
    response
}

/// No text, with any status, for those who ask as this client does.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    *response.headers_mut() = HeaderMap::with_capacity(HEADERS_SENT);
    response.headers_mut().insert(VARY, VARIES);
    response
}

/// An answer under a key, the same whether it is given first or again.
pub(super) fn idempotent(response: IdempotentResponse) -> Response {
    let (stored, replayed) = match response {
        IdempotentResponse::First(stored) => (stored, false),
        IdempotentResponse::Replayed(stored) => (stored, true),
    };
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = written(status, stored.body);
    let headers = response.headers_mut();
    if let Ok(language) = HeaderValue::from_str(&stored.language) {
        headers.insert(CONTENT_LANGUAGE, language);
    }
    if status == StatusCode::FORBIDDEN {
        headers.insert(WWW_AUTHENTICATE, SCOPE);
    }
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// The status of what the desk refused, or failed with.
pub(super) fn status(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::Invalid | Kind::Refused => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Unauthorized => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Gone => StatusCode::GONE,
        Kind::Conflict => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn code(error: &Error) -> Code {
    match error.kind() {
        Kind::Unavailable | Kind::Broken => Code::TicketFailed,
        _ => error.code(),
    }
}

/// What a client is told: of our own troubles, only that there are some.
fn message(error: &Error) -> Message {
    match error.kind() {
        Kind::Unavailable => Message::new("api.unavailable"),
        Kind::Broken => Message::new("api.failed"),
        _ => error.message(),
    }
}

/// A code with its sentence, as it stands in the `data` of a success.
pub(super) fn coded(locale: Locale, code: Code, message: &Message) -> CodedView {
    CodedView { code: code.as_str(), message: locale.sentence(message) }
}

impl Refusal {
    /// The reply to this request.
    pub(super) fn reply(&self, request: &RequestContext) -> Response {
        self.log(request);
        let errors = match self {
            Self::Desk(error) => error.validation_errors(),
            _ => &[],
        };
        let mut response =
            written(self.status(), failure_text(request, self.code(), &self.message(request), self.cause(), errors));
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if matches!(self, Self::TooLarge | Self::SlowBody) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Desk(error) => status(error),
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::SeveralTokens | Self::Host | Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Rate { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::Headers => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::MediaType | Self::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::SlowAnswer => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Desk(error) => code(error),
            Self::NotFound => Code::NotFound,
            Self::Method(_) => Code::MethodNotAllowed,
            Self::NoToken | Self::SeveralTokens => Code::Unauthorized,
            Self::Rate { .. } => Code::RateLimited,
            Self::TooLarge => Code::PayloadTooLarge,
            Self::UriTooLong => Code::UriTooLong,
            Self::Headers => Code::HeadersTooLarge,
            Self::Host | Self::Malformed => Code::BadRequest,
            Self::MediaType | Self::Encoding => Code::UnsupportedMediaType,
            Self::SlowBody => Code::RequestTimeout,
            Self::SlowAnswer => Code::TicketFailed,
        }
    }

    fn cause(&self) -> Option<Cause> {
        match self {
            Self::Desk(error) => error.cause(),
            Self::NoToken => Some(Cause::NoToken),
            Self::SeveralTokens => Some(Cause::SeveralTokens),
            Self::Host => Some(Cause::Host),
            Self::Malformed => Some(Cause::Malformed),
            Self::MediaType => Some(Cause::ContentType),
            Self::Encoding => Some(Cause::ContentEncoding),
            Self::SlowAnswer => Some(Cause::Unavailable),
            Self::NotFound
            | Self::Method(_)
            | Self::Rate { .. }
            | Self::TooLarge
            | Self::UriTooLong
            | Self::Headers
            | Self::SlowBody => None,
        }
    }

    fn message(&self, request: &RequestContext) -> Message {
        match self {
            Self::Desk(error) => message(error),
            Self::NotFound => Message::new("api.not_found"),
            Self::Method(allowed) => {
                Message::new("api.method").with("method", &request.method).with("allowed", allowed)
            }
            Self::NoToken => Message::new("api.no_token"),
            Self::SeveralTokens => Message::new("api.two_tokens"),
            Self::Rate { seconds } => Message::new("api.rate").plural(usize::try_from(*seconds).unwrap_or(usize::MAX)),
            Self::TooLarge => Message::new("api.too_large").with("most", MAX_BODY),
            Self::UriTooLong => Message::new("api.uri_long").with("most", MAX_TARGET),
            Self::Headers => Message::new("api.headers_large").with("number", MAX_HEADERS).with("most", HEADERS_SIZE),
            Self::Host => Message::new("api.host"),
            Self::Malformed => Message::new("api.malformed"),
            Self::MediaType => Message::new("api.media_type"),
            Self::Encoding => Message::new("api.encoding"),
            Self::SlowBody => Message::new("api.slow_body").with("seconds", BODY_TIME.as_secs()),
            Self::SlowAnswer => Message::new("api.unavailable"),
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let text = |name, value: &'static str| Some((name, HeaderValue::from_static(value)));
        match self {
            Self::Method(allowed) => text(ALLOW, allowed),
            Self::Encoding => text(ACCEPT_ENCODING, "identity"),
            Self::NoToken => text(WWW_AUTHENTICATE, r#"Bearer realm="support""#),
            Self::SeveralTokens => text(WWW_AUTHENTICATE, r#"Bearer realm="support", error="invalid_request""#),
            Self::Rate { seconds } => Some((RETRY_AFTER, HeaderValue::from(*seconds))),
            Self::SlowAnswer => Some((RETRY_AFTER, HeaderValue::from(RETRY))),
            Self::Desk(error) => match error.kind() {
                Kind::Unauthorized => text(WWW_AUTHENTICATE, r#"Bearer realm="support", error="invalid_token""#),
                Kind::Forbidden => Some((WWW_AUTHENTICATE, SCOPE)),
                Kind::Unavailable => Some((RETRY_AFTER, HeaderValue::from(RETRY))),
                Kind::Invalid | Kind::NotFound | Kind::Refused | Kind::Gone | Kind::Conflict | Kind::Broken => None,
            },
            Self::NotFound
            | Self::TooLarge
            | Self::UriTooLong
            | Self::Headers
            | Self::Host
            | Self::Malformed
            | Self::MediaType
            | Self::SlowBody => None,
        }
    }

    /// Logs what went wrong on our side with its whole chain, which is never sent, and notes why a caller is refused.
    fn log(&self, request: &RequestContext) {
        let error = match self {
            Self::Desk(error) => error,
            Self::NoToken => return request.set_refusal("no_token"),
            Self::SeveralTokens => return request.set_refusal("several_tokens"),
            _ => return,
        };
        note(request, error);
        if matches!(error.kind(), Kind::Unavailable | Kind::Broken) {
            tracing::error!(request_id = request.id_text(), cause = chain(error), "the store or the desk failed");
        }
    }
}
