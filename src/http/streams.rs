//! The streams that are open, and what ends one from outside: a token that is good no more, a reader who takes nothing,
//! the end of the server.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::request::RequestContext;
use crate::feed::Listener;
use crate::model::{Timestamp, TokenError};

/// Events that may be committed for a reader who takes none, before the connection is cut.
const BACKLOG: usize = 1_024;

/// Every open stream of the server.
#[derive(Default)]
pub(super) struct Streams {
    open: Mutex<HashMap<u64, Arc<Stream>>>,
    number: AtomicU64,
    over: AtomicBool,
    /// Rung when a stream was opened.
    pub(super) opened: Notify,
}

/// One stream, as whoever looks after it sees it.
pub(super) struct Stream {
    pub(super) request: Arc<RequestContext>,
    until: Timestamp,
    listener: Arc<Listener>,
    /// Whether its reader was too far behind a round ago: one round is every reader's to catch up in.
    behind: AtomicBool,
    over: AtomicBool,
    /// Rung when it is to end.
    notify: Notify,
}

/// A stream's place among the open ones, which it leaves when it is dropped.
pub(super) struct StreamSlot {
    streams: Arc<Streams>,
    number: u64,
    stream: Arc<Stream>,
}

impl StreamSlot {
    /// Whether the stream must end now.
    pub(super) fn is_over(&self) -> bool {
        self.stream.over.load(Ordering::Relaxed)
    }

    /// The request that opened it.
    pub(super) fn request_id(&self) -> &str {
        self.stream.request.id_text()
    }

    /// Comes when the stream must end.
    pub(super) async fn over(&self) {
        self.stream.notify.notified().await;
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.streams.open().remove(&self.number);
    }
}

impl Stream {
    fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.notify.notify_one();
    }

    /// Ends it because its token no longer opens it.
    pub(super) fn end_for(&self, refusal: Option<&'static str>) {
        if !self.over.load(Ordering::Relaxed) {
            tracing::info!(request_id = self.request.id_text(), refusal, "a stream ends with its token");
        }
        self.end();
    }

    /// Whether its reader has taken nothing for a round while more waits than may.
    fn stays_behind(&self) -> bool {
        let behind = self.listener.waiting() > BACKLOG;
        self.behind.swap(behind, Ordering::Relaxed) && behind
    }
}

impl Streams {
    /// Opens a stream for whoever asked, while their token is good.
    pub(super) fn open_for(
        self: &Arc<Self>,
        request: &Arc<RequestContext>,
        until: Timestamp,
        listener: Arc<Listener>,
    ) -> StreamSlot {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let stream = Arc::new(Stream {
            request: Arc::clone(request),
            until,
            listener,
            behind: AtomicBool::new(false),
            over: AtomicBool::new(false),
            notify: Notify::new(),
        });
        self.open().insert(number, Arc::clone(&stream));
        // After it can be found: whoever ends them all has either seen it or said so before.
        if self.over.load(Ordering::SeqCst) {
            stream.end();
        }
        self.opened.notify_one();
        StreamSlot { streams: Arc::clone(self), number, stream }
    }

    /// Ends every stream, and each that is opened from now on.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
        self.open().values().for_each(|stream| stream.end());
    }

    pub(super) fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Stream>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.open().len()
    }

    pub(super) fn are_there(&self) -> bool {
        !self.open().is_empty()
    }

    /// Ends those whose token's time is over, cuts those whose reader stays too far behind.
    pub(super) fn end_expired(&self, now: Timestamp) {
        for stream in self.open().values() {
            if stream.over.load(Ordering::Relaxed) {
                // Its reader does not even take the end.
                stream.request.abort.trigger();
                stream.end();
            } else if stream.until <= now {
                stream.end_for(Some(TokenError::Expired.as_str()));
            } else if stream.stays_behind() {
                tracing::warn!(request_id = stream.request.id_text(), "a stream's reader stays behind and is cut off");
                stream.end();
                stream.request.abort.trigger();
            }
        }
    }
}
