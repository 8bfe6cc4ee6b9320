//! The one way of everything that a POST does: token, rate, body, key, desk, answer.

use std::sync::Arc;

use futures_util::Stream;
use http::StatusCode;
use serde_json::Value;
use warp::Buf;
use warp::reply::Response;

use super::query::Query;
use super::reply::{self, Refusal};
use super::request::{IdempotencyHeader, RequestContext};
use super::{AppState, body};
use crate::desk::idempotency::idempotent;
use crate::model::idempotency::{IdempotencyKey, StoredResponse};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Code, Error, Message, Timestamp};
use crate::store::Unit;

/// What an endpoint does with a body.
pub(super) struct Operation<I, T> {
    /// What the token must allow.
    pub(super) needs: Permission,
    /// Reads the body, for this caller; it refuses by errors alone.
    pub(super) read: fn(&Value, &Caller) -> Result<I, Error>,
    /// Does what was read.
    pub(super) run: fn(&mut dyn Unit, &Caller, &I, Timestamp) -> Result<T, Error>,
    /// The text of a success.
    pub(super) say: fn(&RequestContext, &T) -> Vec<u8>,
}

/// Does what was asked; under a key, once for all its repeats.
pub(super) async fn operate<B, I, T>(
    state: &AppState,
    request: &Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
    operation: Operation<I, T>,
) -> Response
where
    B: Buf,
    I: Send + 'static,
    T: Send + 'static,
{
    let outcome = answer(state, request, body, operation).await;
    outcome.unwrap_or_else(|refusal| refusal.reply(request))
}

async fn answer<B, I, T>(
    state: &AppState,
    request: &Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
    Operation { needs, read, run, say }: Operation<I, T>,
) -> Result<Response, Refusal>
where
    B: Buf,
    I: Send + 'static,
    T: Send + 'static,
{
    let caller = state.caller(request, needs).await?;
    Query::none(&request.query)?;
    let bytes = body::bytes(request, body).await?;
    let key = idempotency_key(state, request, &caller, &bytes)?;
    let value = body::json(&bytes)?;
    // Read before the unit of work begins: the work of all others waits while one runs.
    let input = read(&value, &caller);
    let now = state.now();
    let Some(key) = key else {
        let input = input?;
        let done = state.store.write(move |unit| run(unit, &caller, &input, now)).await?;
        return Ok(reply::written(StatusCode::OK, say(request, &done)));
    };
    let request = Arc::clone(request);
    let input = input.map_err(|error| error.validation_errors().to_vec());
    let response = state.store.write(move |unit| {
        let work = |unit: &mut dyn Unit| match &input {
            Ok(input) => run(unit, &caller, input, now),
            Err(errors) => Err(Error::Invalid(errors.clone())),
        };
        idempotent(unit, &key, now, work, |outcome| match outcome {
            Ok(done) => request.stored(StatusCode::OK, say(&request, done)),
            Err(error) => request.stored(reply::status(error), reply::refusal_text(&request, error)),
        })
    });
    Ok(reply::idempotent(response.await?))
}

/// The request as one that may come again, where it has a key.
fn idempotency_key(
    state: &AppState,
    request: &RequestContext,
    caller: &Caller,
    bytes: &[u8],
) -> Result<Option<IdempotencyKey>, Error> {
    match &request.idempotency {
        IdempotencyHeader::Missing => Ok(None),
        IdempotencyHeader::Key(key) => {
            let key =
                IdempotencyKey::new(caller.principal().clone(), request.route(), key.clone(), &request.target(), bytes);
            Ok(Some(IdempotencyKey { retention: state.keys, ..key }))
        }
        IdempotencyHeader::Invalid => {
            let message = Message::new("validation.idempotency_key");
            Err(Error::invalid(Code::InvalidTicket, "Idempotency-Key", message))
        }
    }
}

impl RequestContext {
    /// The values of its path and query, whichever way its endpoint is written.
    fn target(&self) -> String {
        format!("{}?{}", self.path.strip_suffix('/').unwrap_or(&self.path), self.query)
    }

    /// An answer to this request, as it is kept.
    fn stored(&self, status: StatusCode, body: Vec<u8>) -> StoredResponse {
        StoredResponse { status: status.as_u16(), language: self.locale.name().to_owned(), body }
    }
}
