//! Whether the process answers, and whether the store can be read and written.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::StatusCode;
use serde::Serialize;
use warp::reply::Response;

use super::AppState;
use super::reply::{Refusal, json};
use super::request::RequestContext;
use crate::model::TokenId;

/// How long a good answer is repeated without asking the store again: a probe costs no disk write of its own.
const FRESH: Duration = Duration::from_secs(1);
/// How long the store may take to prove itself.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct Well {
    status: &'static str,
}

/// `GET /healthz`: the process answers.
pub(super) fn alive() -> Response {
    json(StatusCode::OK, &Well { status: "ok" })
}

/// `GET /readyz`: the store can be read and written.
pub(super) async fn ready(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    let mut proved = state.proved_at.lock().await;
    if proved.is_none_or(|at| at.elapsed() >= FRESH) {
        *proved = None;
        let now = state.now();
        let proof = async {
            state.store.write(move |unit| unit.pulse(now)).await?;
            state.store.scan(|unit| unit.tokens().get(TokenId::FIRST)).await
        };
        match tokio::time::timeout(PATIENCE, proof).await {
            Ok(Ok(_)) => *proved = Some(Instant::now()),
            Ok(Err(error)) => return Refusal::Desk(error).reply(&request),
            Err(_) => return Refusal::SlowAnswer.reply(&request),
        }
    }
    alive()
}
