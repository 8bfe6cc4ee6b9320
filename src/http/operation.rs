//! The one way of everything that a POST does: token, rate, body, key, desk, answer.

use std::sync::Arc;

use futures_util::Stream;
use http::StatusCode;
use serde_json::Value;
use warp::Buf;
use warp::reply::Response;

use super::query::Query;
use super::reply::{self, Refusal};
use super::request::{Repeat, RequestContext};
use super::{AppState, body};
use crate::desk::once::once;
use crate::model::once::{Answer, Once};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::{Code, Error, Message, Timestamp};
use crate::store::Unit;

/// What an endpoint does with a body.
pub(super) struct Operation<I, T> {
    /// What the token must allow.
    pub(super) needs: Permission,
    /// Reads the body, for this caller; it refuses by faults alone.
    pub(super) read: fn(&Value, &Caller) -> Result<I, Error>,
    /// Does what was read.
    pub(super) run: fn(&mut dyn Unit, &Caller, &I, Timestamp) -> Result<T, Error>,
    /// The text of a success.
    pub(super) say: fn(&RequestContext, &T) -> Vec<u8>,
}

/// Does what was asked; under a key, once for all its repeats.
pub(super) async fn operate<B, I, T>(
    desk: &AppState,
    asked: &Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
    operation: Operation<I, T>,
) -> Response
where
    B: Buf,
    I: Send + 'static,
    T: Send + 'static,
{
    let outcome = answer(desk, asked, body, operation).await;
    outcome.unwrap_or_else(|refusal| refusal.reply(asked))
}

async fn answer<B, I, T>(
    desk: &AppState,
    asked: &Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
    Operation { needs, read, run, say }: Operation<I, T>,
) -> Result<Response, Refusal>
where
    B: Buf,
    I: Send + 'static,
    T: Send + 'static,
{
    let caller = desk.caller(asked, needs).await?;
    Query::none(&asked.query)?;
    let bytes = body::bytes(asked, body).await?;
    let once_for = repeat(desk, asked, &caller, &bytes)?;
    let value = body::json(&bytes)?;
    // Read before the unit of work begins: the work of all others waits while one runs.
    let input = read(&value, &caller);
    let now = desk.now();
    let Some(request) = once_for else {
        let input = input?;
        let done = desk.store.write(move |unit| run(unit, &caller, &input, now)).await?;
        return Ok(reply::written(StatusCode::OK, say(asked, &done)));
    };
    let asked = Arc::clone(asked);
    let input = input.map_err(|error| error.faults().to_vec());
    let answered = desk.store.write(move |unit| {
        let work = |unit: &mut dyn Unit| match &input {
            Ok(input) => run(unit, &caller, input, now),
            Err(faults) => Err(Error::Invalid(faults.clone())),
        };
        once(unit, &request, now, work, |outcome| match outcome {
            Ok(done) => asked.answer(StatusCode::OK, say(&asked, done)),
            Err(error) => asked.answer(reply::status(error), reply::refusal_text(&asked, error)),
        })
    });
    Ok(reply::answered(answered.await?))
}

/// The request as one that may come again, where it has a key.
fn repeat(desk: &AppState, asked: &RequestContext, caller: &Caller, bytes: &[u8]) -> Result<Option<Once>, Error> {
    match &asked.repeat {
        Repeat::Never => Ok(None),
        Repeat::Under(key) => {
            let once = Once::new(caller.principal().clone(), asked.route(), key.clone(), &asked.target(), bytes);
            Ok(Some(Once { kept: desk.keys, ..once }))
        }
        Repeat::Unclear => {
            let message = Message::new("fault.idempotency_key");
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
    fn answer(&self, status: StatusCode, text: Vec<u8>) -> Answer {
        Answer { status: status.as_u16(), language: self.locale.name().to_owned(), text }
    }
}
