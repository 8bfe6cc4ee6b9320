//! The API: routes, and what every request passes through on its way to the desk.
//!
//! Each path is matched whole before its methods, each method before the token, the token before the body; so that
//! 404, 405, 401, 403 and 400 never hide each other. A refusal is a reply, never a rejection.

mod asked;
mod auth;
mod body;
mod close;
mod create;
mod escalate;
mod events;
mod front;
mod health;
mod limit;
mod metrics;
mod mine;
mod notifications;
mod operation;
mod reply;
mod serve;
mod streams;
mod track;

use std::convert::Infallible;
use std::sync::Arc;

use warp::filters::BoxedFilter;
use warp::reply::Response;
use warp::{Filter, Rejection};

use crate::feed::Feed;
use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::model::Timestamp;
use crate::model::retain::Retention;
use crate::store::Store;
use asked::Asked;
pub use limit::RateLimit;
use reply::Refusal;
pub use serve::{Listening, serve, serve_routes};

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

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// Every path, and what is said at all others.
fn routes(desk: &Arc<Desk>) -> BoxedFilter<(Response,)> {
    let base = || warp::path!("api" / "customer" / "mtxi" / "support" / ..);
    let root = move || base().and(warp::path::end());
    let escalate = move || base().and(warp::path!("escalate"));
    let close = move || base().and(warp::path!("close"));
    let events = move || base().and(warp::path!("events"));
    let notifications = move || base().and(warp::path!("notifications"));
    let read = move || base().and(warp::path!("notifications" / "read"));
    let ticket = move || base().and(warp::path::param::<String>()).and(warp::path::end());
    let healthz = || warp::path!("healthz");
    let readyz = || warp::path!("readyz");
    let desk = || {
        let desk = Arc::clone(desk);
        warp::any().map(move || Arc::clone(&desk))
    };

    let at_root = root()
        .and(warp::post())
        .and(desk())
        .and(asked("POST /"))
        .and(warp::body::stream())
        .then(create::create)
        .or(root().and(reading()).and(desk()).and(asked("GET /")).then(mine::mine))
        .unify()
        .or(root().and(asked("/")).map(only("GET, HEAD, POST")))
        .unify();
    let at_escalate = escalate()
        .and(warp::post())
        .and(desk())
        .and(asked("POST /escalate"))
        .and(warp::body::stream())
        .then(escalate::escalate)
        .or(escalate().and(asked("/escalate")).map(only("POST")))
        .unify();
    let at_close = close()
        .and(warp::post())
        .and(desk())
        .and(asked("POST /close"))
        .and(warp::body::stream())
        .then(close::close)
        .or(close().and(asked("/close")).map(only("POST")))
        .unify();
    let at_events = events()
        .and(reading())
        .and(desk())
        .and(asked("GET /events"))
        .then(events::events)
        .or(events().and(asked("/events")).map(only("GET, HEAD")))
        .unify();
    let at_notifications = notifications()
        .and(reading())
        .and(desk())
        .and(asked("GET /notifications"))
        .then(notifications::list)
        .or(notifications().and(asked("/notifications")).map(only("GET, HEAD")))
        .unify()
        .or(read()
            .and(warp::post())
            .and(desk())
            .and(asked("POST /notifications/read"))
            .and(warp::body::stream())
            .then(notifications::read))
        .unify()
        .or(read().and(asked("/notifications/read")).map(only("POST")))
        .unify();
    let at_ticket = ticket()
        .and(reading())
        .and(desk())
        .and(asked("GET /{ticketId}"))
        .then(track::track)
        .or(ticket().and(asked("/{ticketId}")).map(|_, asked| only("GET, HEAD")(asked)))
        .unify();
    let at_health = healthz()
        .and(reading())
        .and(asked("GET /healthz"))
        .map(|_| health::alive())
        .or(healthz().and(asked("/healthz")).map(only("GET, HEAD")))
        .unify()
        .or(readyz().and(reading()).and(desk()).and(asked("GET /readyz")).then(health::ready))
        .unify()
        .or(readyz().and(asked("/readyz")).map(only("GET, HEAD")))
        .unify();
    let at_metrics = warp::path!("metrics").and(desk()).and(asked("/metrics")).then(metrics::metrics);
    let elsewhere = asked("elsewhere").map(|asked: Arc<Asked>| Refusal::NotFound.reply(&asked));

    at_root
        .or(at_escalate)
        .unify()
        .or(at_close)
        .unify()
        .or(at_events)
        .unify()
        .or(at_notifications)
        .unify()
        .or(at_ticket)
        .unify()
        .or(at_health)
        .unify()
        .or(at_metrics)
        .unify()
        .or(elsewhere)
        .unify()
        .boxed()
}

/// GET, and HEAD, which is GET without the body.
fn reading() -> impl Filter<Extract = (), Error = Rejection> + Copy {
    warp::get().or(warp::head()).unify()
}

/// What was asked, now that its route is known.
fn asked(route: &'static str) -> impl Filter<Extract = (Arc<Asked>,), Error = Infallible> + Clone {
    warp::ext::optional::<Arc<Asked>>().map(move |asked: Option<Arc<Asked>>| {
        let asked = asked.unwrap_or_default();
        asked.came_by(route);
        asked
    })
}

/// Says which methods a path takes.
fn only(allowed: &'static str) -> impl Fn(Arc<Asked>) -> Response + Clone {
    move |asked| Refusal::Method(allowed).reply(&asked)
}
