//! `GET /metrics`: what the server counts about itself, where it was told to count.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method};
use warp::reply::Response;

use super::AppState;
use super::query::Query;
use super::reply::Refusal;
use super::request::RequestContext;
use crate::metrics::{self, Seen};
use crate::model::Error;
use crate::model::error::chain;
use crate::store::Unit;

/// Gives the text. A store that cannot be read is told in it, and keeps nothing else back.
pub(super) async fn metrics(desk: Arc<AppState>, asked: Arc<RequestContext>) -> Response {
    let Some(metrics) = &desk.metrics else { return Refusal::NotFound.reply(&asked) };
    if !matches!(asked.method, Method::GET | Method::HEAD) {
        return Refusal::Method("GET, HEAD").reply(&asked);
    }
    if let Err(error) = Query::none(&asked.query) {
        return Refusal::Desk(error).reply(&asked);
    }
    let seen = match desk.store.scan(seen).await {
        Ok(seen) => Some(seen),
        Err(error) => {
            tracing::warn!(error = chain(&error), "the store could not be read for its metrics");
            None
        }
    };
    let mut response = Response::new(metrics.text(desk.streams.count(), seen).into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(metrics::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn seen(unit: &mut dyn Unit) -> Result<Seen, Error> {
    let events = u64::try_from(unit.trail().newest_event()?).unwrap_or_default();
    let health = unit.health();
    let (place, dead, dead_mails) = (health.place()?, health.dead()?, health.dead_mails()?);
    Ok(Seen { events, dead, dead_mails, bytes: place.bytes, log_bytes: place.log_bytes })
}
