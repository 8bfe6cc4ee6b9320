//! Common flow of all POST endpoints: token, rate limit, body, idempotency key, use case, response.

use std::sync::Arc;

use futures_util::Stream;
use http::StatusCode;
use serde_json::Value;
use warp::Buf;
use warp::reply::Response;

use super::query::Query;
use super::refusal::{self, Refusal};
use super::request::{IdempotencyHeader, RequestContext};
use super::{AppState, body, reply};
use crate::desk::idempotency::idempotent;
use crate::model::idempotency::{IdempotencyKey, StoredResponse};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Code, Error, Message, Timestamp};
use crate::store::Unit;

/// Steps that differ between the POST endpoints.
pub(super) struct PostHandler<I, T> {
    /// Permission that the token must have.
    pub(super) permission: Permission,
    /// Parses the body for this caller; fails with validation errors only.
    pub(super) parse: fn(&Value, &Caller) -> Result<I, Error>,
    /// Runs the use case.
    pub(super) run: fn(&mut dyn Unit, &Caller, &I, Timestamp) -> Result<T, Error>,
    /// Formats the response body of a success.
    pub(super) success_body: fn(&RequestContext, &T) -> Vec<u8>,
}

/// Handles a POST request. With an idempotency key, a repeated request gets the stored response.
pub(super) async fn handle_operation<B, I, T>(
    state: &AppState,
    request: &Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
    operation: PostHandler<I, T>,
) -> Response
where
    B: Buf,
    I: Send + 'static,
    T: Send + 'static,
{
    let response = handle(state, request, body, operation).await;
    response.unwrap_or_else(|refusal| refusal.reply(request))
}

async fn handle<B, I, T>(
    state: &AppState,
    request: &Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
    PostHandler { permission, parse, run, success_body }: PostHandler<I, T>,
) -> Result<Response, Refusal>
where
    B: Buf,
    I: Send + 'static,
    T: Send + 'static,
{
    let caller = state.authorize(request, permission).await?;
    Query::expect_none(&request.query)?;
    let bytes = body::read(request, body, state.limits.body_timeout).await?;
    let key = idempotency_key(state, request, &caller, &bytes)?;
    let value = body::parse(&bytes)?;
    // Parsing comes before the unit of work, since a write transaction blocks all other writers.
    let input = parse(&value, &caller);
    let now = state.now();
    let Some(key) = key else {
        let input = input?;
        let outcome = state.store.write(move |unit| run(unit, &caller, &input, now)).await?;
        return Ok(reply::json_bytes(StatusCode::OK, success_body(request, &outcome)));
    };
    let request = Arc::clone(request);
    let input = input.map_err(|error| error.validation_errors().to_vec());
    let response = state.store.write(move |unit| {
        let work = |unit: &mut dyn Unit| match &input {
            Ok(input) => run(unit, &caller, input, now),
            Err(errors) => Err(Error::Invalid(errors.clone())),
        };
        idempotent(unit, &key, now, work, |outcome| match outcome {
            Ok(outcome) => request.stored(StatusCode::OK, success_body(&request, outcome)),
            Err(error) => request.stored(refusal::status(error), refusal::refusal_body(&request, error)),
        })
    });
    Ok(reply::idempotent(response.await?))
}

/// Returns the idempotency key of the request, if it has one.
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
            Ok(Some(IdempotencyKey { retention: state.idempotency_key_lifetime, ..key }))
        }
        IdempotencyHeader::Invalid => {
            let message = Message::new("validation.idempotency_key");
            Err(Error::invalid(Code::InvalidTicket, "Idempotency-Key", message))
        }
    }
}

impl RequestContext {
    /// Returns the path without a trailing slash, and the query.
    fn target(&self) -> String {
        format!("{}?{}", self.path.strip_suffix('/').unwrap_or(&self.path), self.query)
    }

    /// Returns a response to this request in its stored form.
    fn stored(&self, status: StatusCode, body: Vec<u8>) -> StoredResponse {
        StoredResponse { status: status.as_u16(), language: self.locale.name().to_owned(), body }
    }
}
