//! What every request passes through before and after its route: its id and language, the limits on its target and
//! its time, the catching of a panic, the headers that every answer bears, and one line in the log.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use http::header::{CONNECTION, CONTENT_LANGUAGE, EXPECT, HOST, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Request, Version};
use tower_service::Service;
use warp::reply::Response;

use super::exchange::Exchange;
use super::limits::{HEADERS_SIZE, MAX_HEADERS, MAX_TARGET};
use super::reply::Refusal;
use super::request::{ConnectionAbort, REQUEST_ID, RequestContext};
use super::unread_body::{TrackedBody, track};
use crate::metrics::Requests;
use crate::model::Error;

/// An answer is what it says it is.
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");
/// How long an answer may take, the reading of its body included.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// Answers one request by these routes. With `last`, the client is told that the connection ends with the answer; `cut`
/// ends it before.
pub(super) async fn answer<S>(
    mut routes: S,
    request: Request<hyper::body::Incoming>,
    last: bool,
    abort: ConnectionAbort,
    counts: Option<Arc<Requests>>,
    exchange: Arc<Exchange>,
) -> Response
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible>,
{
    let started = Instant::now();
    let _began = counts.as_ref().map(|counts| counts.began());
    let (head, body) = request.into_parts();
    let context = Arc::new(RequestContext::read(&head, abort));
    let (body, unread) = track(body);
    let mut request = Request::from_parts(head, body);
    let waits = request.headers().contains_key(EXPECT);
    let mut response = if let Some(refusal) = refusal(&request) {
        // Dropping the request returns its body.
        drop(request);
        refusal.reply(&context)
    } else {
        request.extensions_mut().insert(Arc::clone(&context));
        let answer = AssertUnwindSafe(async { routes.call(request).await }).catch_unwind();
        match tokio::time::timeout(ANSWER_TIME, answer).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(panic)) => Refusal::Desk(Error::panicked(panic.as_ref())).reply(&context),
            Err(_) => Refusal::SlowAnswer.reply(&context),
        }
    };
    unread.finish(&mut response, waits, &exchange).await;
    if last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    finish(&context, &mut response, started, counts.as_deref());
    response
}

/// Adds the headers that every answer bears, counts it and logs it.
pub(super) fn finish(request: &RequestContext, response: &mut Response, started: Instant, counts: Option<&Requests>) {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(request.id_text()).expect("a request id is visible ASCII"));
    // An answer that is given again stays in the language of the first.
    headers.entry(CONTENT_LANGUAGE).or_insert_with(|| HeaderValue::from_static(request.locale.name()));
    headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    let took = started.elapsed();
    if let Some(counts) = counts {
        counts.answered(request.route(), request.principal(), response.status().as_u16(), took);
    }
    log(request, response, took);
}

/// Why a request is refused before its route is looked for.
fn refusal(request: &Request<TrackedBody>) -> Option<Refusal> {
    let headers = request.headers();
    if target_length(request) > MAX_TARGET {
        Some(Refusal::UriTooLong)
    } else if headers.len() > MAX_HEADERS || size(headers) > HEADERS_SIZE {
        Some(Refusal::Headers)
    } else if request.version() == Version::HTTP_11 && headers.get_all(HOST).iter().count() != 1 {
        Some(Refusal::Host)
    } else if request.uri().path_and_query().is_none() {
        // An authority alone, as CONNECT has it: there is no path at which something could be, and warp expects one.
        Some(Refusal::NotFound)
    } else {
        None
    }
}

fn target_length(request: &Request<TrackedBody>) -> usize {
    request.uri().path_and_query().map_or(0, |target| target.as_str().len())
}

/// What headers take on the wire, with their colons and line ends.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// One line a request. No token, no description and no path: nothing that a caller can fill with anything.
fn log(request: &RequestContext, response: &Response, took: Duration) {
    tracing::info!(
        method = loggable(&request.method),
        route = request.route(),
        status = response.status().as_u16(),
        ms = (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0,
        request_id = request.id_text(),
        principal = request.principal().map(tracing::field::display),
        refusal = request.refusal(),
        "request"
    );
}

/// A method's name, where it is one of HTTP's own.
fn loggable(method: &http::Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "TRACE" | "CONNECT") => known,
        _ => "other",
    }
}
