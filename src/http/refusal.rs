//! Refusals: the error body of the envelope, and the table of statuses, codes and headers.

use std::time::Duration;

use http::header::{ACCEPT_ENCODING, ALLOW, CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use warp::reply::Response;

use super::limits::{MAX_BODY, MAX_HEADERS, MAX_HEADERS_SIZE, MAX_TARGET};
use super::reply::{INSUFFICIENT_SCOPE, json_bytes, to_json};
use super::request::RequestContext;
use crate::model::error::chain;
use crate::model::{Cause, Code, Error, Kind, Message, ValidationError};

/// Value of `Retry-After` while the store is unavailable, in seconds.
const RETRY_AFTER_SECONDS: u64 = 1;

/// Any response other than a success.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Error of a use case or the store.
    Desk(Error),
    /// Unknown path.
    NotFound,
    /// Unsupported method; holds the value of `Allow`.
    Method(&'static str),
    /// Missing bearer token.
    NoToken,
    /// More than one `Authorization` header.
    SeveralTokens,
    /// Rate limit exceeded.
    Rate {
        /// Seconds until the next request is allowed.
        seconds: u64,
    },
    /// Limit of failed tokens from the client's address exceeded.
    AuthFailures {
        /// Seconds until the next token is checked.
        seconds: u64,
    },
    /// Body longer than [`MAX_BODY`].
    TooLarge,
    /// Target longer than [`MAX_TARGET`].
    UriTooLong,
    /// Headers beyond [`MAX_HEADERS`] or [`MAX_HEADERS_SIZE`].
    Headers,
    /// Missing or repeated `Host` header (RFC 9112, 3.2).
    Host,
    /// Invalid request head, or unsupported HTTP version.
    Malformed,
    /// `Content-Type` other than JSON.
    MediaType,
    /// `Content-Encoding` other than `identity`.
    Encoding,
    /// Body not received within this time.
    SlowBody(Duration),
    /// Handling of the request timed out.
    SlowAnswer,
    /// The server has its maximum number of connections.
    TooManyConnections,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Desk(error)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a> {
    status: &'static str,
    code: &'static str,
    message: String,
    details: Vec<ErrorDetail<'a>>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct ErrorDetail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cause>,
}

/// Formats the body of an error of a use case.
pub(super) fn refusal_body(request: &RequestContext, error: &Error) -> Vec<u8> {
    record_reason(request, error);
    error_body(request, code(error), &message(error), error.cause(), error.validation_errors())
}

/// Records the reason of a refusal for the log; the client does not receive it.
fn record_reason(request: &RequestContext, error: &Error) {
    if let Some(reason) = error.refusal() {
        request.set_refusal(reason);
    }
}

fn error_body(
    request: &RequestContext,
    code: Code,
    message: &Message,
    cause: Option<Cause>,
    errors: &[ValidationError],
) -> Vec<u8> {
    let detail = |error: &'_ ValidationError| request.locale.sentence(&error.message);
    let message = match errors.first().filter(|error| !error.is_self_contained()) {
        Some(error) => format!("{}: {}", error.field, request.locale.translate(message)),
        None => request.locale.sentence(message),
    };
    let by_field = errors.iter().filter(|error| !error.field.is_empty());
    let by_field =
        by_field.map(|error| ErrorDetail { field: Some(&error.field), message: detail(error), reason: None });
    let by_cause = cause.map(|cause| ErrorDetail { field: None, message: message.clone(), reason: Some(cause) });
    to_json(&ErrorBody {
        status: "error",
        code: code.as_str(),
        details: by_cause.into_iter().chain(by_field).collect(),
        message,
        request_id: request.id_text(),
    })
}

/// Returns the HTTP status of an error.
pub(super) fn status(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::Invalid | Kind::Refused => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Unauthorized => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Gone => StatusCode::GONE,
        Kind::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
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

/// Returns the message for the client: internal errors are not disclosed.
fn message(error: &Error) -> Message {
    match error.kind() {
        Kind::Unavailable => Message::new("api.unavailable"),
        Kind::Broken => Message::new("api.failed"),
        _ => error.message(),
    }
}

/// Returns a message with the number of seconds to wait.
fn waiting(key: &'static str, seconds: u64) -> Message {
    Message::new(key).plural(usize::try_from(seconds).unwrap_or(usize::MAX))
}

impl Refusal {
    /// Returns the response to this request.
    pub(super) fn reply(&self, request: &RequestContext) -> Response {
        self.log(request);
        let errors = match self {
            Self::Desk(error) => error.validation_errors(),
            _ => &[],
        };
        let mut response =
            json_bytes(self.status(), error_body(request, self.code(), &self.message(request), self.cause(), errors));
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if matches!(self, Self::TooLarge | Self::SlowBody(_)) {
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
            Self::Rate { .. } | Self::AuthFailures { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::Headers => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::MediaType | Self::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::SlowBody(_) => StatusCode::REQUEST_TIMEOUT,
            Self::SlowAnswer | Self::TooManyConnections => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Desk(error) => code(error),
            Self::NotFound => Code::NotFound,
            Self::Method(_) => Code::MethodNotAllowed,
            Self::NoToken | Self::SeveralTokens => Code::Unauthorized,
            Self::Rate { .. } | Self::AuthFailures { .. } => Code::RateLimited,
            Self::TooLarge => Code::PayloadTooLarge,
            Self::UriTooLong => Code::UriTooLong,
            Self::Headers => Code::HeadersTooLarge,
            Self::Host | Self::Malformed => Code::BadRequest,
            Self::MediaType | Self::Encoding => Code::UnsupportedMediaType,
            Self::SlowBody(_) => Code::RequestTimeout,
            Self::SlowAnswer | Self::TooManyConnections => Code::TicketFailed,
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
            Self::SlowAnswer | Self::TooManyConnections => Some(Cause::Unavailable),
            Self::NotFound
            | Self::Method(_)
            | Self::Rate { .. }
            | Self::AuthFailures { .. }
            | Self::TooLarge
            | Self::UriTooLong
            | Self::Headers
            | Self::SlowBody(_) => None,
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
            Self::Rate { seconds } => waiting("api.rate", *seconds),
            Self::AuthFailures { seconds } => waiting("api.auth_failures", *seconds),
            Self::TooLarge => Message::new("api.too_large").with("most", MAX_BODY),
            Self::UriTooLong => Message::new("api.uri_long").with("most", MAX_TARGET),
            Self::Headers => {
                Message::new("api.headers_large").with("number", MAX_HEADERS).with("most", MAX_HEADERS_SIZE)
            }
            Self::Host => Message::new("api.host"),
            Self::Malformed => Message::new("api.malformed"),
            Self::MediaType => Message::new("api.media_type"),
            Self::Encoding => Message::new("api.encoding"),
            Self::SlowBody(timeout) => Message::new("api.slow_body").with("seconds", timeout.as_secs()),
            Self::SlowAnswer | Self::TooManyConnections => Message::new("api.unavailable"),
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let text = |name, value: &'static str| Some((name, HeaderValue::from_static(value)));
        match self {
            Self::Method(allowed) => text(ALLOW, allowed),
            Self::Encoding => text(ACCEPT_ENCODING, "identity"),
            Self::NoToken => text(WWW_AUTHENTICATE, r#"Bearer realm="support""#),
            Self::SeveralTokens => text(WWW_AUTHENTICATE, r#"Bearer realm="support", error="invalid_request""#),
            Self::Rate { seconds } | Self::AuthFailures { seconds } => Some((RETRY_AFTER, HeaderValue::from(*seconds))),
            Self::SlowAnswer | Self::TooManyConnections => Some((RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))),
            Self::Desk(error) => match error.kind() {
                Kind::Unauthorized => text(WWW_AUTHENTICATE, r#"Bearer realm="support", error="invalid_token""#),
                Kind::Forbidden => Some((WWW_AUTHENTICATE, INSUFFICIENT_SCOPE)),
                Kind::Unavailable => Some((RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))),
                Kind::Invalid | Kind::NotFound | Kind::Refused | Kind::Gone | Kind::KeyReused | Kind::Broken => None,
            },
            Self::NotFound
            | Self::TooLarge
            | Self::UriTooLong
            | Self::Headers
            | Self::Host
            | Self::Malformed
            | Self::MediaType
            | Self::SlowBody(_) => None,
        }
    }

    /// Logs an internal error with its source chain, which the client does not receive, and records the reason of a
    /// refusal.
    fn log(&self, request: &RequestContext) {
        let error = match self {
            Self::Desk(error) => error,
            Self::NoToken => return request.set_refusal("no_token"),
            Self::SeveralTokens => return request.set_refusal("several_tokens"),
            Self::Rate { .. } => return request.set_refusal("rate_limit"),
            Self::AuthFailures { .. } => return request.set_refusal("auth_failure_limit"),
            Self::TooManyConnections => return request.set_refusal("too_many_connections"),
            _ => return,
        };
        record_reason(request, error);
        if matches!(error.kind(), Kind::Unavailable | Kind::Broken) {
            tracing::error!(request_id = request.id_text(), cause = chain(error), "request failed");
        }
    }
}
