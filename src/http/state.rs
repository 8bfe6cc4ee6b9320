//! State shared by all endpoints.

use std::sync::Arc;

use super::auth_failures::AuthFailures;
use super::client_address::TrustedProxies;
use super::limits::Limits;
use super::rate_limit::Limiter;
use super::readiness::Readiness;
use super::response_memory::ResponseMemory;
use super::streams::Streams;
use crate::feed::Feed;
use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::model::Timestamp;
use crate::model::customer_limits::CustomerLimits;
use crate::model::ip_range::IpRange;
use crate::model::rate::Rate;
use crate::model::retention::RetentionPolicy;
use crate::store::Store;

/// Limits on customers and client addresses.
#[derive(Debug, Clone, Default)]
pub struct ClientLimits {
    /// Maximum number of requests of each customer.
    pub rate: Option<Rate>,
    /// Maximum number of failed tokens from each client address.
    pub auth_failures: Option<Rate>,
    /// Limits on each customer that use cases decide on.
    pub customer: CustomerLimits,
    /// Proxies that forward the client address.
    pub trusted_proxies: Vec<IpRange>,
}

/// Store, settings and counters shared by all endpoints.
pub struct AppState {
    pub(super) store: Store,
    pub(super) clock: fn() -> Timestamp,
    pub(super) limiter: Option<Limiter>,
    pub(super) auth_failures: Option<AuthFailures>,
    pub(super) customer_limits: CustomerLimits,
    pub(super) trusted_proxies: Arc<TrustedProxies>,
    pub(super) identity: Option<Arc<Identity>>,
    pub(super) readiness: Readiness,
    pub(super) feed: Feed,
    pub(super) streams: Arc<Streams>,
    /// Lifetime of an idempotency key, in seconds.
    pub(super) idempotency_key_lifetime: i64,
    pub(super) metrics: Option<Arc<Metrics>>,
    pub(super) limits: Limits,
    pub(super) response_memory: Arc<ResponseMemory>,
}

impl AppState {
    /// Creates the state over this store, without limits on clients. Spawns the feed on the current Tokio runtime.
    pub fn new(store: Store, clock: fn() -> Timestamp) -> Self {
        Self {
            feed: Feed::start(store.clone()),
            store,
            clock,
            limiter: None,
            auth_failures: None,
            customer_limits: CustomerLimits::default(),
            trusted_proxies: Arc::default(),
            identity: None,
            readiness: Readiness::default(),
            streams: Arc::default(),
            idempotency_key_lifetime: RetentionPolicy::default().keys(),
            metrics: None,
            limits: Limits::default(),
            response_memory: Arc::new(ResponseMemory::new(Limits::default().response_memory)),
        }
    }

    /// Limits the share of each customer and client address.
    #[must_use]
    pub fn with_client_limits(self, limits: ClientLimits) -> Self {
        Self {
            limiter: limits.rate.map(Limiter::new),
            auth_failures: limits.auth_failures.map(AuthFailures::new),
            customer_limits: limits.customer,
            trusted_proxies: Arc::new(TrustedProxies::new(limits.trusted_proxies)),
            ..self
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
