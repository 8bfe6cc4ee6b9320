//! `GET /metrics`: what the server counts about itself, where it was told to count.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method};
use warp::reply::Response;

use super::AppState;
use super::query::Query;
use super::reply::Refusal;
use super::request::RequestContext;
use crate::metrics::{self, StoreSample};
use crate::model::Error;
use crate::model::error::chain;
use crate::store::Unit;

/// Gives the text. A store that cannot be read is told in it, and keeps nothing else back.
pub(super) async fn metrics(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    let Some(metrics) = &state.metrics else { return Refusal::NotFound.reply(&request) };
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Refusal::Method("GET, HEAD").reply(&request);
    }
    if let Err(error) = Query::none(&request.query) {
        return Refusal::Desk(error).reply(&request);
    }
    let seen = match state.store.scan(seen).await {
        Ok(seen) => Some(seen),
        Err(error) => {
            tracing::warn!(error = chain(&error), "the store could not be read for its metrics");
            None
        }
    };
    let mut response = Response::new(metrics.text(state.streams.count(), seen).into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(metrics::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn seen(unit: &mut dyn Unit) -> Result<StoreSample, Error> {
    let events = u64::try_from(unit.events().newest()?).unwrap_or_default();
    let health = unit.health();
    let (place, dead, dead_mails) = (health.storage()?, health.dead_deliveries()?, health.dead_mails()?);
    Ok(StoreSample { events, dead, dead_mails, bytes: place.bytes, wal_bytes: place.wal_bytes })
}
