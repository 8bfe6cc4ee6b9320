//! What every request passes through before and after its route: its id and language, the limits on its target and
//! its time, the catching of a panic, the headers that every answer bears, and one line in the log.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use http::header::{CONNECTION, CONTENT_LANGUAGE, HOST, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Request, Version};
use hyper::body::Incoming;
use tower_service::Service;
use warp::reply::Response;

use super::asked::{Asked, Cut, REQUEST_ID};
use super::reply::{HEADERS_MAX, HEADERS_SIZE, Refusal, TARGET_MAX};
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
    request: Request<Incoming>,
    last: bool,
    cut: Cut,
    counts: Option<Arc<Requests>>,
) -> Response
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible>,
{
    let started = Instant::now();
    let _began = counts.as_ref().map(|counts| counts.began());
    let (head, body) = request.into_parts();
    let asked = Arc::new(Asked::read(&head, cut));
    let mut request = Request::from_parts(head, body);
    let mut response = if target_length(&request) > TARGET_MAX {
        Refusal::UriTooLong.reply(&asked)
    } else if request.headers().len() > HEADERS_MAX || size(request.headers()) > HEADERS_SIZE {
        Refusal::Headers.reply(&asked)
    } else if request.version() == Version::HTTP_11 && request.headers().get_all(HOST).iter().count() != 1 {
        Refusal::Host.reply(&asked)
    } else {
        request.extensions_mut().insert(Arc::clone(&asked));
        let answer = AssertUnwindSafe(async { routes.call(request).await }).catch_unwind();
        match tokio::time::timeout(ANSWER_TIME, answer).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(panic)) => Refusal::Desk(Error::panicked(panic.as_ref())).reply(&asked),
            Err(_) => Refusal::SlowAnswer.reply(&asked),
        }
    };
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(asked.id_text()).expect("a request id is visible ASCII"));
    // An answer that is given again stays in the language of the first.
    headers.entry(CONTENT_LANGUAGE).or_insert_with(|| HeaderValue::from_static(asked.locale.name()));
    headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    if last {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let took = started.elapsed();
    if let Some(counts) = &counts {
        counts.answered(asked.route(), response.status().as_u16(), took);
    }
    log(&asked, &response, took);
    response
}

fn target_length(request: &Request<Incoming>) -> usize {
    request.uri().path_and_query().map_or(0, |target| target.as_str().len())
}

/// What headers take on the wire, with their colons and line ends.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// One line a request. No token, no description and no path: nothing that a caller can fill with anything.
fn log(asked: &Asked, response: &Response, took: Duration) {
    tracing::info!(
        method = loggable(&asked.method),
        route = asked.route(),
        status = response.status().as_u16(),
        ms = (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0,
        request_id = asked.id_text(),
        customer_id = asked.customer().map(crate::model::CustomerId::get),
        refusal = asked.refusal(),
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
