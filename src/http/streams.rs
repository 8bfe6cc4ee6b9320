//! Registry of open streams, and the conditions that end one: an invalid token, a client that does not read, the
//! shutdown.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::request::RequestContext;
use crate::feed::Listener;
use crate::model::{Timestamp, TokenError};

/// Maximum number of committed events that a client may be behind before its connection is aborted.
const MAX_BACKLOG: usize = 1_024;

/// Open streams of the server.
#[derive(Default)]
pub(super) struct Streams {
    open: Mutex<HashMap<u64, Arc<Stream>>>,
    next_id: AtomicU64,
    is_ended: AtomicBool,
    /// Notified when a stream is opened.
    pub(super) opened: Notify,
}

/// One open stream, from the supervisor's side.
pub(super) struct Stream {
    pub(super) request: Arc<RequestContext>,
    expires_at: Timestamp,
    listener: Arc<Listener>,
    /// True if the client was too far behind at the previous check: each client has one interval to catch up.
    was_behind: AtomicBool,
    is_ended: AtomicBool,
    /// Notified when the stream must end.
    ended: Notify,
}

/// Registration of an open stream, removed on drop.
pub(super) struct StreamSlot {
    streams: Arc<Streams>,
    id: u64,
    stream: Arc<Stream>,
}

impl StreamSlot {
    /// Returns true if the stream must end.
    pub(super) fn is_ended(&self) -> bool {
        self.stream.is_ended.load(Ordering::Relaxed)
    }

    /// Returns the id of the request that opened the stream.
    pub(super) fn request_id(&self) -> &str {
        self.stream.request.id_text()
    }

    /// Waits until the stream must end.
    pub(super) async fn ended(&self) {
        self.stream.ended.notified().await;
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.streams.lock().remove(&self.id);
    }
}

impl Stream {
    fn end(&self) {
        self.is_ended.store(true, Ordering::Relaxed);
        self.ended.notify_one();
    }

    /// Ends the stream because its token is no longer valid.
    pub(super) fn end_unauthorized(&self, refusal: Option<&'static str>) {
        if !self.is_ended.load(Ordering::Relaxed) {
            tracing::info!(
                request_id = self.request.id_text(),
                refusal,
                "ended a stream: its token is no longer valid"
            );
        }
        self.end();
    }

    /// Returns true if the client has been too far behind at two checks in a row.
    fn is_too_far_behind(&self) -> bool {
        let is_behind = self.listener.waiting() > MAX_BACKLOG;
        self.was_behind.swap(is_behind, Ordering::Relaxed) && is_behind
    }
}

impl Streams {
    /// Registers a stream that ends when its token expires.
    pub(super) fn register(
        self: &Arc<Self>,
        request: &Arc<RequestContext>,
        expires_at: Timestamp,
        listener: Arc<Listener>,
    ) -> StreamSlot {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let stream = Arc::new(Stream {
            request: Arc::clone(request),
            expires_at,
            listener,
            was_behind: AtomicBool::new(false),
            is_ended: AtomicBool::new(false),
            ended: Notify::new(),
        });
        self.lock().insert(id, Arc::clone(&stream));
        // Checked after the insertion, so that a concurrent `end` cannot miss the stream.
        if self.is_ended.load(Ordering::SeqCst) {
            stream.end();
        }
        self.opened.notify_one();
        StreamSlot { streams: Arc::clone(self), id, stream }
    }

    /// Ends every stream, and every one that is opened later.
    pub(super) fn end(&self) {
        self.is_ended.store(true, Ordering::SeqCst);
        self.lock().values().for_each(|stream| stream.end());
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<Stream>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of open streams.
    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn any_open(&self) -> bool {
        !self.lock().is_empty()
    }

    /// Ends the streams whose token has expired, and aborts those whose client is too far behind.
    pub(super) fn enforce_limits(&self, now: Timestamp) {
        for stream in self.lock().values() {
            if stream.is_ended.load(Ordering::Relaxed) {
                // The client does not read the end of the stream.
                stream.request.abort.trigger();
                stream.end();
            } else if stream.expires_at <= now {
                stream.end_unauthorized(Some(TokenError::Expired.as_str()));
            } else if stream.is_too_far_behind() {
                tracing::warn!(request_id = stream.request.id_text(), "aborted a stream: its client is too far behind");
                stream.end();
                stream.request.abort.trigger();
            }
        }
    }
}
