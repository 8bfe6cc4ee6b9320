//! Request bodies left unread by a response. A small one is drained, so that the connection stays usable; for any
//! other, the response carries `Connection: close`, and the connection closes after the client has read it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONNECTION;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use warp::reply::Response;

use super::exchange::Exchange;
use super::limits::MAX_BODY;

/// Maximum time to drain an unread body of known length, after its response was sent.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum time to drain an unread body of unknown length, before its response is sent: a `Connection: close` could not
/// be added afterwards.
const CHUNKED_DRAIN_TIMEOUT: Duration = Duration::from_millis(250);

/// Request body that returns to its `UnreadBody` on drop.
pub struct TrackedBody {
    body: Option<Incoming>,
    state: Arc<Mutex<BodyState>>,
}

#[derive(Default)]
struct BodyState {
    body: Option<Incoming>,
    /// True if reading began: a client that waits for `100 Continue` has received it.
    is_started: bool,
    /// True if reading failed: the end of the body cannot be found.
    is_broken: bool,
}

/// Receiver of a body that is dropped unread.
pub(super) struct UnreadBody(Option<Arc<Mutex<BodyState>>>);

/// Wraps a body for the routes, and returns the handle to its unread rest.
pub(super) fn track(body: Incoming) -> (TrackedBody, UnreadBody) {
    let state = Arc::default();
    let unread = (!body.is_end_stream()).then(|| Arc::clone(&state));
    (TrackedBody { body: Some(body), state }, UnreadBody(unread))
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let state = Arc::clone(&self.state);
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(cx);
        let mut state = lock(&state);
        state.is_started = true;
        state.is_broken |= matches!(frame, Poll::Ready(Some(Err(_))));
        drop(state);
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for TrackedBody {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            lock(&self.state).body = Some(body);
        }
    }
}

fn lock(state: &Mutex<BodyState>) -> MutexGuard<'_, BodyState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl UnreadBody {
    /// Drains the rest of the body, or marks the connection to close. `expects_continue` is true for a client that
    /// sends its body only after `100 Continue`.
    pub(super) async fn finish(self, response: &mut Response, expects_continue: bool, exchange: &Arc<Exchange>) {
        let Some(state) = self.0 else { return };
        let BodyState { body, is_started, is_broken } = std::mem::take(&mut *lock(&state));
        let Some(body) = body else { return };
        let must_close = is_broken || response.headers().contains_key(CONNECTION) || (expects_continue && !is_started);
        let length = body.size_hint().exact();
        let close = |response: &mut Response| {
            exchange.leave_unread();
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        };
        if must_close || length.is_some_and(|length| length > MAX_BODY as u64) {
            return close(response);
        }
        if length.is_some() {
            let (exchange, draining) = (Arc::clone(exchange), exchange.drain());
            tokio::spawn(async move {
                let _draining = draining;
                if !drain(body, DRAIN_TIMEOUT).await {
                    exchange.leave_unread();
                }
            });
        } else if !drain(body, CHUNKED_DRAIN_TIMEOUT).await {
            close(response);
        }
    }
}

/// Reads a body to its end; returns false if it is too large or too slow.
async fn drain(mut body: Incoming, timeout: Duration) -> bool {
    let mut size = 0;
    let drained = async {
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            size += frame.data_ref().map_or(0, Bytes::len);
            if size > MAX_BODY {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(timeout, drained).await.unwrap_or(false)
}
