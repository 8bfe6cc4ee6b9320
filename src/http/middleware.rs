//! Processing common to all requests: request id, language, limits on the head, timeout, catching of panics, common
//! response headers, metrics and the request log.

use std::convert::Infallible;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use http::header::{CONNECTION, CONTENT_LANGUAGE, EXPECT, HOST, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Version};
use tower_service::Service;
use warp::reply::Response;

use super::client_address::TrustedProxies;
use super::connections::Class;
use super::exchange::Exchange;
use super::limits::{MAX_HEADERS, MAX_HEADERS_SIZE, MAX_TARGET};
use super::refusal::Refusal;
use super::request::{ConnectionAbort, REQUEST_ID, RequestContext};
use super::unread_body::{TrackedBody, track};
use crate::metrics::Requests;
use crate::model::Error;

/// Value of `X-Content-Type-Options`.
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// Paths that a reserved connection serves.
const HEALTH_CHECKS: [&str; 2] = ["/healthz", "/readyz"];

/// Data that all requests of a connection share.
pub(super) struct Connection {
    /// Use of the connection.
    pub(super) class: Class,
    /// Address of the peer: the client, or a proxy.
    pub(super) peer: IpAddr,
    pub(super) trusted_proxies: Arc<TrustedProxies>,
    /// Maximum time to handle a request, including the reading of its body.
    pub(super) timeout: Duration,
    /// Closes the connection immediately.
    pub(super) abort: ConnectionAbort,
    pub(super) exchange: Arc<Exchange>,
    pub(super) counts: Option<Arc<Requests>>,
}

impl Connection {
    /// Parses a request head.
    pub(super) fn request_context(&self, head: &Parts) -> RequestContext {
        let client = self.trusted_proxies.client_address(self.peer, &head.headers);
        RequestContext::from_head(head, client, self.abort.clone())
    }
}

/// Handles one request by these routes. `is_last` adds `Connection: close`.
pub(super) async fn handle<S>(
    mut routes: S,
    request: Request<hyper::body::Incoming>,
    is_last: bool,
    connection: Arc<Connection>,
) -> Response
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible>,
{
    let started = Instant::now();
    let counts = connection.counts.as_deref();
    let _began = connection.counts.as_ref().map(|counts| counts.began());
    let (head, body) = request.into_parts();
    let context = Arc::new(connection.request_context(&head));
    let (body, unread) = track(body);
    let mut request = Request::from_parts(head, body);
    let expects_continue = request.headers().contains_key(EXPECT);
    let mut response = if let Some(refusal) = check_head(&request).or_else(|| check_class(&request, connection.class)) {
        // Dropping the request returns its body to `unread`.
        drop(request);
        refusal.reply(&context)
    } else {
        request.extensions_mut().insert(Arc::clone(&context));
        let call = AssertUnwindSafe(async { routes.call(request).await }).catch_unwind();
        match tokio::time::timeout(connection.timeout, call).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(panic)) => Refusal::Desk(Error::panicked(panic.as_ref())).reply(&context),
            Err(_) => Refusal::SlowAnswer.reply(&context),
        }
    };
    unread.finish(&mut response, expects_continue, &connection.exchange).await;
    if is_last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    finish(&context, &mut response, started, counts);
    response
}

/// Adds the common headers to a response, counts it and logs it.
pub(super) fn finish(request: &RequestContext, response: &mut Response, started: Instant, counts: Option<&Requests>) {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(request.id_text()).expect("a request id is visible ASCII"));
    // A replayed response keeps the language of the first one.
    headers.entry(CONTENT_LANGUAGE).or_insert_with(|| HeaderValue::from_static(request.locale.name()));
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    let elapsed = started.elapsed();
    if let Some(counts) = counts {
        counts.answered(request.route(), request.principal(), response.status().as_u16(), elapsed);
    }
    log(request, response, elapsed);
}

/// Checks the limits on the head and the `Host` header, before routing.
fn check_head(request: &Request<TrackedBody>) -> Option<Refusal> {
    let headers = request.headers();
    if target_length(request) > MAX_TARGET {
        Some(Refusal::UriTooLong)
    } else if headers.len() > MAX_HEADERS || headers_size(headers) > MAX_HEADERS_SIZE {
        Some(Refusal::Headers)
    } else if request.version() == Version::HTTP_11 && headers.get_all(HOST).iter().count() != 1 {
        Some(Refusal::Host)
    } else if request.uri().path_and_query().is_none() {
        // CONNECT has only an authority: there is no path to match, and warp expects one.
        Some(Refusal::NotFound)
    } else {
        None
    }
}

/// Refuses anything but a health check on a reserved connection.
fn check_class(request: &Request<TrackedBody>, class: Class) -> Option<Refusal> {
    let is_served = class == Class::Full || HEALTH_CHECKS.contains(&request.uri().path());
    (!is_served).then_some(Refusal::TooManyConnections)
}

fn target_length(request: &Request<TrackedBody>) -> usize {
    request.uri().path_and_query().map_or(0, |target| target.as_str().len())
}

/// Returns the size of the headers on the wire, including colons and line ends, in bytes.
fn headers_size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Logs one line for each request, with the client's address if the caller is refused. Tokens, descriptions and paths are left out, so that a client cannot write arbitrary
/// text to the log.
fn log(request: &RequestContext, response: &Response, elapsed: Duration) {
    let names_client =
        matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
    let client = request.client.filter(|_| names_client);
    tracing::info!(
        method = log_method(&request.method),
        route = request.route(),
        status = response.status().as_u16(),
        ms = (elapsed.as_secs_f64() * 1_000_000.0).round() / 1_000.0,
        request_id = request.id_text(),
        principal = request.principal().map(tracing::field::display),
        refusal = request.refusal(),
        client = client.map(tracing::field::display),
        "request"
    );
}

/// Returns the name of a standard method, else `other`.
fn log_method(method: &http::Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "TRACE" | "CONNECT") => known,
        _ => "other",
    }
}
