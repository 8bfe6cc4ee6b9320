//! Request bodies that an answer leaves unread. A small one is drained, so that the connection stays usable; for any other,
//! the answer says `Connection: close`, and the connection's end waits until the client has seen it.

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

/// Maximum time in which an unread body of known length is drained, after its answer was sent.
const DRAIN_TIME: Duration = Duration::from_secs(1);
/// The same for one of unknown length, before its answer is sent: afterwards the client could not be told of a close.
const CHUNKED_DRAIN_TIME: Duration = Duration::from_millis(250);

/// A request's body, which goes back to its [`UnreadBody`] when whoever reads it drops it.
pub struct TrackedBody {
    body: Option<Incoming>,
    lender: Arc<Mutex<BodyState>>,
}

#[derive(Default)]
struct BodyState {
    body: Option<Incoming>,
    /// Somebody began to read it: a client that waits for `100 Continue` was sent one.
    begun: bool,
    /// It broke while it was read: its end is not to be found.
    broken: bool,
}

/// Gets a body back.
pub(super) struct UnreadBody(Option<Arc<Mutex<BodyState>>>);

/// Lends this body to whoever answers the request.
pub(super) fn track(body: Incoming) -> (TrackedBody, UnreadBody) {
    let lender = Arc::default();
    let back = (!body.is_end_stream()).then(|| Arc::clone(&lender));
    (TrackedBody { body: Some(body), lender }, UnreadBody(back))
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let lender = Arc::clone(&self.lender);
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(cx);
        let mut left = lock(&lender);
        left.begun = true;
        left.broken |= matches!(frame, Poll::Ready(Some(Err(_))));
        drop(left);
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
            lock(&self.lender).body = Some(body);
        }
    }
}

fn lock(left: &Mutex<BodyState>) -> MutexGuard<'_, BodyState> {
    left.lock().unwrap_or_else(PoisonError::into_inner)
}

impl UnreadBody {
    /// Sees to the rest of the body, if there is one, once its answer is known; `waits` for a client that sends its body
    /// only when it is told to (`Expect: 100-continue`).
    pub(super) async fn finish(self, response: &mut Response, waits: bool, exchange: &Arc<Exchange>) {
        let Some(left) = self.0 else { return };
        let BodyState { body, begun, broken } = std::mem::take(&mut *lock(&left));
        let Some(body) = body else { return };
        let closes = broken || response.headers().contains_key(CONNECTION) || (waits && !begun);
        let length = body.size_hint().exact();
        let close = |response: &mut Response| {
            exchange.leave_unread();
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        };
        if closes || length.is_some_and(|length| length > MAX_BODY as u64) {
            return close(response);
        }
        if length.is_some() {
            let (exchange, draining) = (Arc::clone(exchange), exchange.drain());
            tokio::spawn(async move {
                let _draining = draining;
                if !drain(body, DRAIN_TIME).await {
                    exchange.leave_unread();
                }
            });
        } else if !drain(body, CHUNKED_DRAIN_TIME).await {
            close(response);
        }
    }
}

/// Reads a body to its end, unless it is too large or too slow.
async fn drain(mut body: Incoming, time: Duration) -> bool {
    let mut size = 0;
    let all = async {
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            size += frame.data_ref().map_or(0, Bytes::len);
            if size > MAX_BODY {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(time, all).await.unwrap_or(false)
}
