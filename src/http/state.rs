//! State shared by all endpoints.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;

use super::limits::Limits;
use super::rate_limit::{Limiter, RateLimit};
use super::response_memory::ResponseMemory;
use super::streams::Streams;
use crate::feed::Feed;
use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::model::Timestamp;
use crate::model::retention::RetentionPolicy;
use crate::store::Store;

/// Store, settings and counters shared by all endpoints.
pub struct AppState {
    pub(super) store: Store,
    pub(super) clock: fn() -> Timestamp,
    pub(super) limiter: Option<Limiter>,
    pub(super) identity: Option<Arc<Identity>>,
    /// Time of the last successful readiness check, if any.
    pub(super) last_ready_at: Mutex<Option<Instant>>,
    pub(super) feed: Feed,
    pub(super) streams: Arc<Streams>,
    /// Lifetime of an idempotency key, in seconds.
    pub(super) idempotency_key_lifetime: i64,
    pub(super) metrics: Option<Arc<Metrics>>,
    pub(super) limits: Limits,
    pub(super) response_memory: Arc<ResponseMemory>,
}

impl AppState {
    /// Creates the state over this store, with an optional rate limit per principal. Spawns the feed on the current
    /// Tokio runtime.
    pub fn new(store: Store, clock: fn() -> Timestamp, rate: Option<RateLimit>) -> Self {
        Self {
            feed: Feed::start(store.clone()),
            store,
            clock,
            limiter: rate.map(Limiter::new),
            identity: None,
            last_ready_at: Mutex::default(),
            streams: Arc::default(),
            idempotency_key_lifetime: RetentionPolicy::default().keys(),
            metrics: None,
            limits: Limits::default(),
            response_memory: Arc::new(ResponseMemory::new(Limits::default().response_memory)),
        }
    }

    /// Accepts the tokens of this identity service, in addition to the store's own.
    #[must_use]
    pub fn with_identity(self, identity: Option<Arc<Identity>>) -> Self {
        Self { identity, ..self }
    }

    /// Sets the lifetime of idempotency keys from this retention policy.
    #[must_use]
    pub fn with_retention(self, retention: &RetentionPolicy) -> Self {
        Self { idempotency_key_lifetime: retention.keys(), ..self }
    }

    /// Records metrics and serves them at `/metrics`, if given.
    #[must_use]
    pub fn with_metrics(self, metrics: Option<Arc<Metrics>>) -> Self {
        Self { metrics, ..self }
    }

    /// Sets the limits on connections, requests and responses.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, response_memory: Arc::new(ResponseMemory::new(limits.response_memory)), ..self }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
