//! `GET /metrics`: the server's metrics, if enabled.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method};
use warp::reply::Response;

use super::AppState;
use super::query::Query;
use super::refusal::Refusal;
use super::request::RequestContext;
use crate::metrics::{self, StoreSample};
use crate::model::Error;
use crate::model::error::chain;
use crate::store::Unit;

/// Returns the metrics in the text format. If the store cannot be read, `support_store_readable` is 0 and the store's
/// gauges keep their last values.
pub(super) async fn metrics(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    let Some(metrics) = &state.metrics else { return Refusal::NotFound.reply(&request) };
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Refusal::Method("GET, HEAD").reply(&request);
    }
    if let Err(error) = Query::expect_none(&request.query) {
        return Refusal::Desk(error).reply(&request);
    }
    let sample = match state.store.scan(read_store).await {
        Ok(sample) => Some(sample),
        Err(error) => {
            tracing::warn!(error = chain(&error), "failed to read the store for its metrics");
            None
        }
    };
    let mut response = Response::new(metrics.text(state.streams.count(), sample).into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(metrics::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn read_store(unit: &mut dyn Unit) -> Result<StoreSample, Error> {
    let events = u64::try_from(unit.events().newest()?).unwrap_or_default();
    let health = unit.health();
    let (storage, dead, dead_mails) = (health.storage()?, health.dead_deliveries()?, health.dead_mails()?);
    Ok(StoreSample { events, dead, dead_mails, bytes: storage.bytes, wal_bytes: storage.wal_bytes })
}
