//! `GET /events`: server-sent events (WHATWG HTML, 9.2) for the tickets that the caller owns or is a group member of.
//!
//! A stream stores only a position in the outbox. It reads the next page after the client has received the previous
//! one, so that missed events cost no memory, and no event is lost or sent twice.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method};
use warp::Reply;
use warp::reply::Response;

use super::AppState;
use super::query::Query;
use super::refusal::Refusal;
use super::request::RequestContext;
use super::streams::StreamSlot;
use crate::desk::events::{EventPage, EventRange, REQUIRES, event_range, events_after};
use crate::feed::Subscription;
use crate::model::error::chain;
use crate::model::event::PublishedEvent;
use crate::model::principal::{Caller, Holder};
use crate::model::{Code, Error, Message, StoreError};
use crate::view::event_payload;

/// Response header that turns off buffering in nginx.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// Event name of the frame that carries a stream's position.
const POSITION_EVENT: &str = "support:stream_position";
/// Maximum number of events in one read and one chunk.
const PAGE_SIZE: u32 = 64;
/// Maximum silence of a stream before it sends a keep-alive.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// Streams the events of the caller's tickets, from now on or after `Last-Event-ID`.
pub(super) async fn events(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    open(&state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn open(state: &Arc<AppState>, request: &Arc<RequestContext>) -> Result<Response, Refusal> {
    let Holder { caller, until } = state.authorize_holder(request, REQUIRES).await?;
    Query::expect_none(&request.query)?;
    // Browsers send an empty `Last-Event-ID` if no id was received: it means none (WHATWG HTML, 9.2.4).
    let last_event_id = request.last_event_id.as_deref().filter(|id| !id.is_empty()).map(parse_event_id).transpose()?;
    // The subscription comes first, so that a commit after the read of `newest` notifies it.
    let subscription = state.feed.subscribe(caller.principal().customer()?).await?;
    let EventRange { purged_through, newest } = state.store.read(|unit| event_range(unit, &caller)).await?;
    let after = last_event_id.unwrap_or(newest);
    if after > newest {
        return Err(invalid_event_id("validation.event_unknown").into());
    }
    if after < purged_through {
        return Err(Error::EventsGone { through: purged_through }.into());
    }
    if request.method == Method::HEAD {
        return Ok(event_stream_response(stream::empty::<Result<Bytes, Infallible>>()));
    }
    let slot = state.streams.register(request, until, subscription.listener());
    let stream = EventStream {
        state: Arc::clone(state),
        caller,
        subscription,
        slot,
        last_sent: after,
        last_read: after,
        next: Next::Start,
    };
    Ok(event_stream_response(stream::unfold(stream, |mut stream| async move {
        stream.next().await.map(|bytes| (Ok::<_, Infallible>(bytes), stream))
    })))
}

/// Parses a sequence number; 0 is the position before the first event.
fn parse_event_id(text: &str) -> Result<i64, Error> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().ok_or_else(|| invalid_event_id("validation.event_id"))
}

fn invalid_event_id(key: &'static str) -> Error {
    Error::invalid(Code::InvalidTicket, "Last-Event-ID", Message::new(key))
}

fn event_stream_response<S>(stream: S) -> Response
where
    S: stream::Stream<Item = Result<Bytes, Infallible>> + Send + Sync + 'static,
{
    let mut response = warp::reply::stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

/// Next step of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Send the reconnection time and the position.
    Start,
    /// Read the outbox, which may hold more events.
    Read,
    /// Wait for a notification: the outbox held no more events.
    Wait,
}

/// State of one response stream.
struct EventStream {
    state: Arc<AppState>,
    caller: Caller,
    subscription: Subscription,
    slot: StreamSlot,
    /// Last id that was sent, from which a reconnecting client resumes.
    last_sent: i64,
    /// Last event that was read, including other customers' events.
    last_read: i64,
    next: Next,
}

impl EventStream {
    /// Waits for the next chunk; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.slot.is_ended() {
                return None;
            }
            match self.next {
                Next::Start => {
                    self.next = Next::Read;
                    return Some(format!("retry: 1000\n{}", self.position_frame()).into());
                }
                Next::Read => match self.read().await? {
                    page if page.is_empty() => {}
                    page => return Some(page),
                },
                Next::Wait => tokio::select! {
                    () = self.subscription.notified() => self.next = Next::Read,
                    () = self.slot.ended() => return None,
                    () = tokio::time::sleep(KEEP_ALIVE_INTERVAL) => return self.keep_alive().await,
                },
            }
        }
    }

    /// Returns a keep-alive: the pending events, if any; else a comment. If other customers' events moved the position,
    /// the position is sent too, so that a client that receives no event for a long time does not resume at a purged
    /// position.
    async fn keep_alive(&mut self) -> Option<Bytes> {
        let page = self.read().await?;
        if !page.is_empty() {
            return Some(page);
        }
        if self.last_read == self.last_sent {
            return Some(Bytes::from_static(b":\n\n"));
        }
        self.last_sent = self.last_read;
        Some(format!(":\n{}", self.position_frame()).into())
    }

    /// Formats a frame with the position from which a client resumes. The frame carries data, since some clients ignore
    /// an id without data.
    fn position_frame(&self) -> String {
        format!("id: {}\nevent: {POSITION_EVENT}\ndata: {{}}\n\n", self.last_sent)
    }

    /// Reads and formats the next events; `None` if the stream must end.
    async fn read(&mut self) -> Option<Bytes> {
        let error = match self.page().await {
            Ok(page) => return Some(page),
            Err(error) => error,
        };
        let request_id = self.slot.request_id();
        if let Error::EventsGone { through } = error {
            tracing::warn!(through, request_id, "ended a stream whose next events are purged");
        } else {
            tracing::warn!(error = chain(&error), request_id, "ended a stream: failed to read the store");
        }
        None
    }

    /// Reads and formats the next events; empty if there are none.
    async fn page(&mut self) -> Result<Bytes, Error> {
        self.subscription.reset();
        // A reader so slow that events are purged reconnects, and receives 410 then.
        let (caller, last_read) = (&self.caller, self.last_read);
        let EventPage { events, newest } =
            self.state.store.read(|unit| events_after(unit, caller, last_read, PAGE_SIZE)).await?;
        let mut text = String::new();
        for event in &events {
            write_event(&mut text, event)?;
            (self.last_sent, self.last_read) = (event.sequence, event.sequence);
        }
        if events.len() < PAGE_SIZE as usize {
            self.last_read = newest;
            self.next = Next::Wait;
        } else {
            self.next = Next::Read;
        }
        Ok(text.into())
    }
}

/// Writes the fields of an event, one per line, and the empty line that ends it.
fn write_event(text: &mut String, event: &PublishedEvent) -> Result<(), Error> {
    let payload = event_payload(event).map_err(|error| Error::store(StoreError::Failed, error))?;
    write!(text, "id: {}\nevent: {}\ndata: {payload}\n\n", event.sequence, event.name)
        .map_err(|error| Error::store(StoreError::Failed, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_id_is_an_unsigned_decimal_integer() {
        assert_eq!(parse_event_id("0").unwrap(), 0);
        assert_eq!(parse_event_id("9223372036854775807").unwrap(), i64::MAX);
        for text in ["", "-1", "+1", " 1", "1,2", "1.0", "0x1", "9223372036854775808", "١", "x"] {
            assert!(parse_event_id(text).is_err(), "{text:?}");
        }
    }
}
