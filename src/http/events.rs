//! `GET /events`: server-sent events (WHATWG HTML, 9.2) for the tickets that the caller has a part in.
//!
//! A stream holds a place in the outbox and nothing else: it reads a page from there whenever its reader has taken the
//! one before, so that any number of missed events costs no memory, and none can be missed or come twice.

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
use super::reply::Refusal;
use super::request::RequestContext;
use super::streams::StreamSlot;
use crate::desk::events::{EventPage, EventRange, REQUIRES, event_range, events_after};
use crate::feed::Subscription;
use crate::model::error::chain;
use crate::model::event::PublishedEvent;
use crate::model::principal::{Caller, Holder};
use crate::model::{Code, Error, Message, StoreError};
use crate::view::event_payload;

/// The header by which a proxy is told not to hold the stream back.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// Name of the frame that says how far a stream has come.
const POSITION: &str = "support:stream_position";
/// Events that are read from the store and sent at once.
const PAGE: u32 = 64;
/// How long a stream stays silent before it shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Streams the events of the caller's tickets: from now on, or after the one that `Last-Event-ID` names.
pub(super) async fn events(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    open(&state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn open(state: &Arc<AppState>, request: &Arc<RequestContext>) -> Result<Response, Refusal> {
    let Holder { caller, until } = state.holder(request, REQUIRES).await?;
    Query::none(&request.query)?;
    // Browsers send an empty one where they were given no id: it means none (WHATWG HTML, 9.2.4).
    let named = request.last_event_id.as_deref().filter(|id| !id.is_empty()).map(number).transpose()?;
    // Listen first: whatever is committed after the newest event was read will ring.
    let subscription = state.feed.subscribe(caller.principal().customer()?).await?;
    let EventRange { gone, newest } = state.store.read(|unit| event_range(unit, &caller)).await?;
    let after = named.unwrap_or(newest);
    if after > newest {
        return Err(wrong("validation.event_unknown").into());
    }
    if after < gone {
        return Err(Error::EventsGone { through: gone }.into());
    }
    if request.method == Method::HEAD {
        return Ok(reply(stream::empty::<Result<Bytes, Infallible>>()));
    }
    let place = state.streams.open_for(request, until, subscription.listener());
    let told =
        EventStream { state: Arc::clone(state), caller, subscription, place, after, read: after, next: Next::Greet };
    Ok(reply(stream::unfold(told, |mut told| async move {
        told.next().await.map(|bytes| (Ok::<_, Infallible>(bytes), told))
    })))
}

/// A sequence number, 0 for the place before the first.
fn number(text: &str) -> Result<i64, Error> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().ok_or_else(|| wrong("validation.event_id"))
}

fn wrong(key: &'static str) -> Error {
    Error::invalid(Code::InvalidTicket, "Last-Event-ID", Message::new(key))
}

fn reply<S>(stream: S) -> Response
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

/// What a stream does when its reader takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Says how soon to come back, and where it begins.
    Greet,
    /// Reads the outbox, which may hold more.
    Read,
    /// Waits, since it held no more.
    Wait,
}

/// One stream, from its reader's side.
struct EventStream {
    state: Arc<AppState>,
    caller: Caller,
    subscription: Subscription,
    place: StreamSlot,
    /// The last number that was sent: where a reader who loses the stream resumes.
    after: i64,
    /// The last event that was looked at, whether or not it was this customer's.
    read: i64,
    next: Next,
}

impl EventStream {
    /// The next bytes, once there are some; none where the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.place.is_over() {
                return None;
            }
            match self.next {
                Next::Greet => {
                    self.next = Next::Read;
                    return Some(format!("retry: 1000\n{}", self.place_so_far()).into());
                }
                Next::Read => match self.read().await? {
                    page if page.is_empty() => {}
                    page => return Some(page),
                },
                Next::Wait => tokio::select! {
                    () = self.subscription.notified() => self.next = Next::Read,
                    () = self.place.over() => return None,
                    () = tokio::time::sleep(KEEP_ALIVE) => return self.keep_alive().await,
                },
            }
        }
    }

    /// What shows that the stream lives: what there is to send; else a comment, and how far it has come, where others'
    /// events moved that, so that a reader who hears nothing for long does not resume at a place that is no longer kept.
    async fn keep_alive(&mut self) -> Option<Bytes> {
        let page = self.read().await?;
        if !page.is_empty() {
            return Some(page);
        }
        if self.read == self.after {
            return Some(Bytes::from_static(b":\n\n"));
        }
        self.after = self.read;
        Some(format!(":\n{}", self.place_so_far()).into())
    }

    /// A frame that says where a reader who loses the stream will resume. It carries data, since some clients overlook an
    /// id that stands alone.
    fn place_so_far(&self) -> String {
        format!("id: {}\nevent: {POSITION}\ndata: {{}}\n\n", self.after)
    }

    /// The next events, as they are sent; none where the stream must end.
    async fn read(&mut self) -> Option<Bytes> {
        let error = match self.page().await {
            Ok(page) => return Some(page),
            Err(error) => error,
        };
        let request_id = self.place.request_id();
        if let Error::EventsGone { through } = error {
            tracing::warn!(through, request_id, "a stream's reader comes too late for some events, and it ends");
        } else {
            tracing::warn!(error = chain(&error), request_id, "a stream could not read the store and ends");
        }
        None
    }

    /// The next events, as they are sent; nothing where there are none.
    async fn page(&mut self) -> Result<Bytes, Error> {
        self.subscription.reset();
        // Whoever reads so slowly that events are gone resumes, and hears then that something is missing.
        let (caller, read) = (&self.caller, self.read);
        let EventPage { events, newest } = self.state.store.read(|unit| events_after(unit, caller, read, PAGE)).await?;
        let mut text = String::new();
        for event in &events {
            write_event(&mut text, event)?;
            (self.after, self.read) = (event.sequence, event.sequence);
        }
        if events.len() < PAGE as usize {
            self.read = newest;
            self.next = Next::Wait;
        } else {
            self.next = Next::Read;
        }
        Ok(text.into())
    }
}

/// An event's fields, each on its line, and the empty line that ends it.
fn write_event(text: &mut String, event: &PublishedEvent) -> Result<(), Error> {
    let payload = event_payload(event).map_err(|error| Error::store(StoreError::Failed, error))?;
    write!(text, "id: {}\nevent: {}\ndata: {payload}\n\n", event.sequence, event.name)
        .map_err(|error| Error::store(StoreError::Failed, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_stream_is_a_plain_number() {
        assert_eq!(number("0").unwrap(), 0);
        assert_eq!(number("9223372036854775807").unwrap(), i64::MAX);
        for text in ["", "-1", "+1", " 1", "1,2", "1.0", "0x1", "9223372036854775808", "١", "x"] {
            assert!(number(text).is_err(), "{text:?}");
        }
    }
}
