//! Every path, and the answer to all others.

use std::future::ready;
use std::sync::Arc;

use futures_util::FutureExt;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::path::FullPath;
use warp::reply::Response;

use super::AppState;
use super::endpoint::Endpoint;
use super::query::Query;
use super::reply::Refusal;
use super::request::RequestContext;
use super::{close, create, escalate, events, health, list_own, metrics, notifications, track};

/// Every path, and what is said at all others. One filter takes a request apart and a table finds its endpoint: with an
/// alternative of filters for each, a request would pass through all those before its own.
pub(super) fn routes(state: &Arc<AppState>) -> BoxedFilter<(Response,)> {
    let state = Arc::clone(state);
    warp::path::full()
        .and(warp::ext::optional::<Arc<RequestContext>>())
        .and(warp::body::stream())
        .then(move |path: FullPath, request: Option<Arc<RequestContext>>, body| {
            let (state, request) = (Arc::clone(&state), request.unwrap_or_default());
            let (endpoint, route) = Endpoint::find(path.as_str(), &request.method);
            request.set_route(route);
            // Each in a box of its own: what only reads is small, and does not pay for the room that a body needs.
            match endpoint {
                Endpoint::Track(id) => track::track(id, state, request).boxed(),
                Endpoint::ListOwn => list_own::list_own(state, request).boxed(),
                Endpoint::Create => create::create(state, request, body).boxed(),
                Endpoint::Escalate => escalate::escalate(state, request, body).boxed(),
                Endpoint::Close => close::close(state, request, body).boxed(),
                Endpoint::Events => events::events(state, request).boxed(),
                Endpoint::Notifications => notifications::list(state, request).boxed(),
                Endpoint::MarkRead => notifications::read(state, request, body).boxed(),
                Endpoint::Live | Endpoint::Ready if !request.query.is_empty() => {
                    let refused = Query::none(&request.query).err().map(|error| Refusal::Desk(error).reply(&request));
                    ready(refused.unwrap_or_default()).boxed()
                }
                Endpoint::Live => ready(health::alive()).boxed(),
                Endpoint::Ready => health::ready(state, request).boxed(),
                Endpoint::Metrics => metrics::metrics(state, request).boxed(),
                Endpoint::Nothing => ready(Refusal::NotFound.reply(&request)).boxed(),
                Endpoint::Only(methods) => ready(Refusal::Method(methods).reply(&request)).boxed(),
            }
        })
        .boxed()
}
