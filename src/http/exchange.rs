//! State that a connection's socket, its requests and its end share.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use futures_util::task::AtomicWaker;
use http::Response;
use hyper::body::{Body, Frame, SizeHint};

/// How far the requests of one connection are.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    begun: AtomicU64,
    ended: AtomicU64,
    unread: AtomicBool,
    ending: AtomicBool,
    /// Number of bodies that are being drained.
    draining: AtomicU32,
    /// Woken when a body was drained.
    reader: AtomicWaker,
}

impl Exchange {
    /// Notes that a request is being answered, until what this gives is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Answering {
        self.begun.fetch_add(1, Ordering::Relaxed);
        Answering(Arc::clone(self))
    }

    /// Number of requests so far, the one that is being answered included.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// No request is being answered, though its answer may not be sent to its end yet.
    pub(super) fn is_answered(&self) -> bool {
        self.ended.load(Ordering::Relaxed) == self.begun()
    }

    /// Notes that a body is being drained, until what this gives is dropped.
    pub(super) fn drain(self: &Arc<Self>) -> Draining {
        self.draining.fetch_add(1, Ordering::SeqCst);
        Draining(Arc::clone(self))
    }

    /// A body is being drained.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst) > 0
    }

    /// Wakes this task when a body was drained.
    pub(super) fn wake_when_drained(&self, waker: &Waker) {
        if self.is_draining() {
            self.reader.register(waker);
        }
    }

    /// Notes that a body stays unread, and the connection ends for it.
    pub(super) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// The client may still be sending a body that nobody reads.
    pub(super) fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// Notes that the server ends.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// The server ends.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

/// A body that is being drained.
pub(super) struct Draining(Arc<Exchange>);

impl Drop for Draining {
    fn drop(&mut self) {
        self.0.draining.fetch_sub(1, Ordering::SeqCst);
        self.0.reader.wake();
    }
}

/// A request that is being answered.
pub(super) struct Answering(Arc<Exchange>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

impl Answering {
    /// The response, whose body keeps the request open until it was handed over whole.
    pub(super) fn until_handed_over<B>(self, response: Response<B>) -> Response<Tracked<B>> {
        response.map(|body| Tracked { body, _answering: self })
    }
}

/// A body that knows when it is done with.
pub(super) struct Tracked<B> {
    body: B,
    _answering: Answering,
}

impl<B: Body + Unpin> Body for Tracked<B> {
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
