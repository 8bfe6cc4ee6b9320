//! Calls the handler of the endpoint that `endpoint.rs` finds for a path and method.

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
use super::refusal::Refusal;
use super::request::RequestContext;
use super::{close, create, escalate, events, health, list_own, metrics, notifications, track};

/// Returns the filter for all paths. One filter parses the request and a table finds its endpoint: with an alternative
/// of filters for each endpoint, a request would pass through all those before its own.
pub(super) fn routes(state: &Arc<AppState>) -> BoxedFilter<(Response,)> {
    let state = Arc::clone(state);
    warp::path::full()
        .and(warp::ext::optional::<Arc<RequestContext>>())
        .and(warp::body::stream())
        .then(move |path: FullPath, request: Option<Arc<RequestContext>>, body| {
            let (state, request) = (Arc::clone(&state), request.unwrap_or_default());
            let (endpoint, route) = Endpoint::find(path.as_str(), &request.method);
            request.set_route(route);
            // Each future has a box of its own: an endpoint that only reads does not pay for the size of a body's
            // future.
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
                    let response =
                        Query::expect_none(&request.query).err().map(|error| Refusal::Desk(error).reply(&request));
                    ready(response.unwrap_or_default()).boxed()
                }
                Endpoint::Live => ready(health::live()).boxed(),
                Endpoint::Ready => health::ready(state, request).boxed(),
                Endpoint::Metrics => metrics::metrics(state, request).boxed(),
                Endpoint::NotFound => ready(Refusal::NotFound.reply(&request)).boxed(),
                Endpoint::MethodNotAllowed(methods) => ready(Refusal::Method(methods).reply(&request)).boxed(),
            }
        })
        .boxed()
}
