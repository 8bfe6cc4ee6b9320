//! The API: routes, and what every request passes through on its way to the desk.
//!
//! Each path is matched whole before its methods, each method before the token, the token before the body; so that
//! 404, 405, 401, 403 and 400 never hide each other. A refusal is a reply, never a rejection.

mod asked;
mod auth;
mod body;
mod bounds;
mod close;
mod connection;
mod create;
mod endpoint;
mod escalate;
mod events;
mod exchange;
mod front;
mod health;
mod limit;
mod malformed;
mod metrics;
mod mine;
mod notifications;
mod operation;
mod query;
mod reply;
mod serve;
mod socket;
mod streams;
mod track;
mod unread;

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::path::FullPath;
use warp::reply::Response;

use crate::feed::Feed;
use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::model::Timestamp;
use crate::model::retain::Retention;
use crate::store::Store;
use asked::Asked;
use endpoint::Endpoint;
pub use limit::RateLimit;
use query::Query;
use reply::Refusal;
pub use serve::{KEEP_ALIVE, Listening, serve, serve_routes};
pub use unread::Lent;

/// What every endpoint works with.
pub struct Desk {
    store: Store,
    clock: fn() -> Timestamp,
    limiter: Option<limit::Limiter>,
    identity: Option<Arc<Identity>>,
    health: health::Health,
    feed: Feed,
    streams: Arc<streams::Streams>,
    /// How long a key is good, in seconds.
    keys: i64,
    metrics: Option<Arc<Metrics>>,
    /// Time that an idle client may stay after an answer.
    keep_alive: Duration,
}

impl Desk {
    /// The desk over this store, each customer held to this rate; its feed lives on the current runtime.
    pub fn new(store: Store, clock: fn() -> Timestamp, rate: Option<RateLimit>) -> Self {
        Self {
            feed: Feed::start(store.clone()),
            store,
            clock,
            limiter: rate.map(limit::Limiter::new),
            identity: None,
            health: health::Health::default(),
            streams: Arc::default(),
            keys: Retention::default().keys(),
            metrics: None,
            keep_alive: KEEP_ALIVE,
        }
    }

    /// The same desk, where the tokens of this identity service are good too.
    #[must_use]
    pub fn trusting(self, identity: Option<Arc<Identity>>) -> Self {
        Self { identity, ..self }
    }

    /// The same desk, where keys are good for as long as this says.
    #[must_use]
    pub fn keeping(self, retention: &Retention) -> Self {
        Self { keys: retention.keys(), ..self }
    }

    /// The same desk, which counts what it does and shows it to whoever asks, where this is given.
    #[must_use]
    pub fn counting(self, metrics: Option<Arc<Metrics>>) -> Self {
        Self { metrics, ..self }
    }

    /// The same desk, where an idle client may stay so long after an answer.
    #[must_use]
    pub fn keeping_alive(self, keep_alive: Duration) -> Self {
        Self { keep_alive, ..self }
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// Every path, and what is said at all others. One filter takes a request apart and a table finds its endpoint: with an
/// alternative of filters for each, a request would pass through all those before its own.
fn routes(desk: &Arc<Desk>) -> BoxedFilter<(Response,)> {
    let desk = Arc::clone(desk);
    warp::path::full()
        .and(warp::ext::optional::<Arc<Asked>>())
        .and(warp::body::stream())
        .then(move |path: FullPath, asked: Option<Arc<Asked>>, body| {
            let (desk, asked) = (Arc::clone(&desk), asked.unwrap_or_default());
            let (endpoint, route) = Endpoint::find(path.as_str(), &asked.method);
            asked.came_by(route);
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
