//! `GET /healthz` and `GET /readyz`: liveness and readiness.

use std::sync::Arc;

use http::StatusCode;
use serde::Serialize;
use warp::reply::Response;

use super::request::RequestContext;
use super::{AppState, reply};

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
    match state.readiness.check(&state.store, state.now()).await {
        Ok(()) => live(),
        Err(refusal) => refusal.reply(&request),
    }
}
