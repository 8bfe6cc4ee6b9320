//! The body of a request: at most 64 KiB, in time, `application/json` as it is, strict.

use std::pin::pin;

use futures_util::{Stream, TryStreamExt};
use serde_json::Value;
use warp::Buf;

use super::limits::{BODY_TIME, MAX_BODY};
use super::reply::Refusal;
use super::request::RequestContext;
use crate::model::{Code, Error, Message, json};

/// Reads a body that is JSON by its own word.
pub(super) async fn bytes<B: Buf>(
    request: &RequestContext,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Vec<u8>, Refusal> {
    if request.length.is_some_and(|length| length > MAX_BODY as u64) {
        return Err(Refusal::TooLarge);
    }
    let bytes = tokio::time::timeout(BODY_TIME, collect(body)).await.map_err(|_| Refusal::SlowBody)??;
    match request {
        RequestContext { is_json: false, .. } => Err(Refusal::MediaType),
        RequestContext { is_encoded: true, .. } => Err(Refusal::Encoding),
        RequestContext { .. } => Ok(bytes),
    }
}

/// Reads a body as strict JSON.
pub(super) fn json(bytes: &[u8]) -> Result<Value, Error> {
    json::parse(bytes).map_err(|message| Error::invalid(Code::InvalidTicket, "", message))
}

/// A body that breaks off, or whose chunks are none.
fn broken() -> Error {
    Error::invalid(Code::InvalidTicket, "", Message::new("api.broken_body"))
}

async fn collect<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>>) -> Result<Vec<u8>, Refusal> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(mut part) = body.try_next().await.map_err(|_| broken())? {
        if bytes.len() + part.remaining() > MAX_BODY {
            return Err(Refusal::TooLarge);
        }
        while part.has_remaining() {
            let chunk = part.chunk();
            bytes.extend_from_slice(chunk);
            let length = chunk.len();
            part.advance(length);
        }
    }
    Ok(bytes)
}
