//! State shared by a connection's socket and its requests.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use futures_util::task::AtomicWaker;
use http::Response;
use hyper::body::{Body, Frame, SizeHint};

/// Progress of the requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    begun: AtomicU64,
    ended: AtomicU64,
    unread: AtomicBool,
    ending: AtomicBool,
    /// Number of bodies that are being drained.
    draining: AtomicU32,
    /// Reader to wake when a body is drained.
    reader: AtomicWaker,
}

impl Exchange {
    /// Counts a request as in flight until the guard is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> RequestGuard {
        self.begun.fetch_add(1, Ordering::Relaxed);
        RequestGuard(Arc::clone(self))
    }

    /// Number of requests so far, including one in flight.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Returns true if no request is in flight; the last response may still be in hyper's buffer.
    pub(super) fn is_answered(&self) -> bool {
        self.ended.load(Ordering::Relaxed) == self.begun()
    }

    /// Counts a body as being drained until the guard is dropped.
    pub(super) fn drain(self: &Arc<Self>) -> DrainGuard {
        self.draining.fetch_add(1, Ordering::SeqCst);
        DrainGuard(Arc::clone(self))
    }

    /// Returns true if a body is being drained.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst) > 0
    }

    /// Wakes the task after a body is drained.
    pub(super) fn wake_when_drained(&self, waker: &Waker) {
        if self.is_draining() {
            self.reader.register(waker);
        }
    }

    /// Records that a body stays unread, so that the connection must close.
    pub(super) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Returns true if the client may still be sending a body that is not read.
    pub(super) fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// Records that the server is shutting down.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Returns true if the server is shutting down.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

/// Guard of a body that is being drained.
pub(super) struct DrainGuard(Arc<Exchange>);

impl Drop for DrainGuard {
    fn drop(&mut self) {
        self.0.draining.fetch_sub(1, Ordering::SeqCst);
        self.0.reader.wake();
    }
}

/// Guard of a request in flight.
pub(super) struct RequestGuard(Arc<Exchange>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

impl RequestGuard {
    /// Attaches the guard to the response's body, so that the request stays in flight until hyper has taken the whole
    /// body.
    pub(super) fn attach_to<B>(self, response: Response<B>) -> Response<GuardedBody<B>> {
        response.map(|body| GuardedBody { body, _guard: self })
    }
}

/// Response body with the guard of its request.
pub(super) struct GuardedBody<B> {
    body: B,
    _guard: RequestGuard,
}

impl<B: Body + Unpin> Body for GuardedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
