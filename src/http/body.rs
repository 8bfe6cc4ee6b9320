//! Reading of request bodies: at most 64 KiB, within a time limit, unencoded `application/json`.

use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, TryStreamExt};
use serde_json::Value;
use warp::Buf;

use super::limits::MAX_BODY;
use super::refusal::Refusal;
use super::request::RequestContext;
use crate::model::{Code, Error, Message, json};

/// Reads a body whose `Content-Type` is JSON, within this time.
pub(super) async fn read<B: Buf>(
    request: &RequestContext,
    body: impl Stream<Item = Result<B, warp::Error>>,
    timeout: Duration,
) -> Result<Vec<u8>, Refusal> {
    if request.length.is_some_and(|length| length > MAX_BODY as u64) {
        return Err(Refusal::TooLarge);
    }
    let bytes = tokio::time::timeout(timeout, collect(body)).await.map_err(|_| Refusal::SlowBody(timeout))??;
    match request {
        RequestContext { is_json: false, .. } => Err(Refusal::MediaType),
        RequestContext { is_encoded: true, .. } => Err(Refusal::Encoding),
        RequestContext { .. } => Ok(bytes),
    }
}

/// Parses a body as strict JSON.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Error> {
    json::parse(bytes).map_err(|message| Error::invalid(Code::InvalidTicket, "", message))
}

/// Returns the error for a body that ends early or has invalid chunks.
fn incomplete_body() -> Error {
    Error::invalid(Code::InvalidTicket, "", Message::new("api.broken_body"))
}

async fn collect<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>>) -> Result<Vec<u8>, Refusal> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(mut part) = body.try_next().await.map_err(|_| incomplete_body())? {
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
