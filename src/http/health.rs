//! `GET /healthz` and `GET /readyz`: liveness and readiness.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::StatusCode;
use serde::Serialize;
use warp::reply::Response;

use super::refusal::Refusal;
use super::request::RequestContext;
use super::{AppState, reply};
use crate::model::TokenId;

/// Time for which a successful check is cached, so that probes cause at most one disk write per second.
const READY_CACHE_TIME: Duration = Duration::from_secs(1);
/// Maximum time of a readiness check.
const READY_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct HealthBody {
    status: &'static str,
}

/// Handles `GET /healthz`: the process responds.
pub(super) fn live() -> Response {
    reply::json(StatusCode::OK, &HealthBody { status: "ok" })
}

/// Handles `GET /readyz`: checks that the store can be written and read.
pub(super) async fn ready(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    let mut last_success = state.last_ready_at.lock().await;
    if last_success.is_none_or(|at| at.elapsed() >= READY_CACHE_TIME) {
        *last_success = None;
        let now = state.now();
        let check = async {
            state.store.write(move |unit| unit.pulse(now)).await?;
            state.store.scan(|unit| unit.tokens().get(TokenId::FIRST)).await
        };
        match tokio::time::timeout(READY_TIMEOUT, check).await {
            Ok(Ok(_)) => *last_success = Some(Instant::now()),
            Ok(Err(error)) => return Refusal::Desk(error).reply(&request),
            Err(_) => return Refusal::SlowAnswer.reply(&request),
        }
    }
    live()
}
