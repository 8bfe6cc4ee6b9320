//! State that every endpoint works with.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::limits::KEEP_ALIVE;
use super::rate_limit::{Limiter, RateLimit};
use super::streams::Streams;
use crate::feed::Feed;
use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::model::Timestamp;
use crate::model::retention::RetentionPolicy;
use crate::store::Store;

/// Store, settings and counters that every endpoint works with.
pub struct AppState {
    pub(super) store: Store,
    pub(super) clock: fn() -> Timestamp,
    pub(super) limiter: Option<Limiter>,
    pub(super) identity: Option<Arc<Identity>>,
    /// When the store last proved itself.
    pub(super) proved_at: Mutex<Option<Instant>>,
    pub(super) feed: Feed,
    pub(super) streams: Arc<Streams>,
    /// How long a key is good, in seconds.
    pub(super) keys: i64,
    pub(super) metrics: Option<Arc<Metrics>>,
    /// Time that an idle client may stay after an answer.
    pub(super) keep_alive: Duration,
}

impl AppState {
    /// The state over this store, each customer held to this rate; its feed lives on the current runtime.
    pub fn new(store: Store, clock: fn() -> Timestamp, rate: Option<RateLimit>) -> Self {
        Self {
            feed: Feed::start(store.clone()),
            store,
            clock,
            limiter: rate.map(Limiter::new),
            identity: None,
            proved_at: Mutex::default(),
            streams: Arc::default(),
            keys: RetentionPolicy::default().keys(),
            metrics: None,
            keep_alive: KEEP_ALIVE,
        }
    }

    /// The same state, where the tokens of this identity service are good too.
    #[must_use]
    pub fn trusting(self, identity: Option<Arc<Identity>>) -> Self {
        Self { identity, ..self }
    }

    /// The same state, where keys are good for as long as this says.
    #[must_use]
    pub fn keeping(self, retention: &RetentionPolicy) -> Self {
        Self { keys: retention.keys(), ..self }
    }

    /// The same state, which counts what it does and shows it to whoever asks, where this is given.
    #[must_use]
    pub fn counting(self, metrics: Option<Arc<Metrics>>) -> Self {
        Self { metrics, ..self }
    }

    /// The same state, where an idle client may stay so long after an answer.
    #[must_use]
    pub fn keeping_alive(self, keep_alive: Duration) -> Self {
        Self { keep_alive, ..self }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
