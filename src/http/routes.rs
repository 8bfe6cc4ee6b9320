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
use super::{close, create, escalate, events, health, metrics, mine, notifications, track};

/// Every path, and what is said at all others. One filter takes a request apart and a table finds its endpoint: with an
/// alternative of filters for each, a request would pass through all those before its own.
pub(super) fn routes(desk: &Arc<AppState>) -> BoxedFilter<(Response,)> {
    let desk = Arc::clone(desk);
    warp::path::full()
        .and(warp::ext::optional::<Arc<RequestContext>>())
        .and(warp::body::stream())
        .then(move |path: FullPath, asked: Option<Arc<RequestContext>>, body| {
            let (desk, asked) = (Arc::clone(&desk), asked.unwrap_or_default());
            let (endpoint, route) = Endpoint::find(path.as_str(), &asked.method);
            asked.set_route(route);
            // Each in a box of its own: what only reads is small, and does not pay for the room that a body needs.
            match endpoint {
                Endpoint::Track(id) => track::track(id, desk, asked).boxed(),
                Endpoint::Mine => mine::mine(desk, asked).boxed(),
                Endpoint::Create => create::create(desk, asked, body).boxed(),
                Endpoint::Escalate => escalate::escalate(desk, asked, body).boxed(),
                Endpoint::Close => close::close(desk, asked, body).boxed(),
                Endpoint::Events => events::events(desk, asked).boxed(),
                Endpoint::Notifications => notifications::list(desk, asked).boxed(),
                Endpoint::MarkRead => notifications::read(desk, asked, body).boxed(),
                Endpoint::Alive | Endpoint::Ready if !asked.query.is_empty() => {
                    let refused = Query::none(&asked.query).err().map(|error| Refusal::Desk(error).reply(&asked));
                    ready(refused.unwrap_or_default()).boxed()
                }
                Endpoint::Alive => ready(health::alive()).boxed(),
                Endpoint::Ready => health::ready(desk, asked).boxed(),
                Endpoint::Metrics => metrics::metrics(desk, asked).boxed(),
                Endpoint::Nothing => ready(Refusal::NotFound.reply(&asked)).boxed(),
                Endpoint::Only(methods) => ready(Refusal::Method(methods).reply(&asked)).boxed(),
            }
        })
        .boxed()
}
